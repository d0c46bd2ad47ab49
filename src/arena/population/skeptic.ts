import type { Role } from './citizen.ts';

/** Asks how far others agree, and votes where they do not. */
export const skeptic: Role = {
  name: 'skeptic',
  summary: 'asks how far others agree, and votes where they do not',
  async act(citizen) {
    const reply = await citizen.ask({ lens: 'skeptic' });
    const best = reply?.resolution.ranked[0];
    if (best === undefined || reply === undefined || reply.resolution.conflictScore === 0) return;
    const published = citizen.society.find(best.hash);
    if (published !== undefined) await citizen.vote(published, citizen.noiseWeight());
  },
};
