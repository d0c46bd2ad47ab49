export { believer } from './believer.ts';
export type { Citizen, Role } from './citizen.ts';
export { historian } from './historian.ts';
export { scientist } from './scientist.ts';
export { skeptic } from './skeptic.ts';
export { sybil } from './sybil.ts';
export { Town, type TownOptions } from './town.ts';
export { troll } from './troll.ts';
export { isTrue } from './truth.ts';
