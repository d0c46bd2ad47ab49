export { type ChoiceMode, Choices, isOmission, type Stream } from './choices.ts';
export type { Draws, DrawSource } from './draws.ts';
export { type Chance, Strikes, type StrikeWatch } from './strikes.ts';
export { type Lane, lanes, parseTape, type Tape, TapeSyntaxError } from './tape.ts';
export { tycheiStream, type Uniform } from './tychei-stream.ts';
