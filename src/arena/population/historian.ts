import { LIFECYCLES } from '../../engine/index.ts';
import type { Role } from './citizen.ts';

/** Asks what could be known at some moment, and reads what it hears of. */
export const historian: Role = {
  name: 'historian',
  summary: 'asks what could be known at some moment, or what has come to which stage, and reads it',
  async act(citizen) {
    const { draws } = citizen;
    const lifecycle = draws.choose(3) === 2 ? LIFECYCLES[draws.choose(LIFECYCLES.length)] : undefined;
    const asOf = draws.choose(3) > 0 ? citizen.moment() : undefined;
    const reply = await citizen.ask({ asOf, lifecycle });
    const winner = reply?.resolution.winner;
    const published = winner === undefined ? citizen.somePublished() : citizen.society.find(winner);
    if (published !== undefined) await citizen.read(published);
  },
};
