import type { Agent } from '../agent.ts';
import type { Role } from './citizen.ts';

/** One will with many keys: signs with all of them, and votes with all of them. */
export function sybil(keys: readonly Agent[]): Role {
  return {
    name: 'sybil',
    summary: 'one will with many keys, which all sign and all vote for the same',
    async act(citizen) {
      const mine = citizen.society.published.findLast(({ author }) => author === citizen.agent.name);
      if (mine === undefined || citizen.draws.choose(3) === 0) {
        const object = { type: 'text', value: `what ${citizen.agent.name} wants` } as const;
        return citizen.claim({ ...citizen.topic(), object }, keys);
      }
      for (const key of keys) await citizen.vote(mine, citizen.noiseWeight(), key);
    },
  };
}
