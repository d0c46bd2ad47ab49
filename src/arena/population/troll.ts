import type { ObjectValue } from '../../engine/index.ts';
import type { Role } from './citizen.ts';
import { isTrue } from './truth.ts';

const nonsense: readonly ObjectValue[] = [
  { type: 'number', value: -0 },
  { type: 'number', value: 5e-324 },
  { type: 'boolean', value: false },
  { type: 'reference', value: '\u202E\u0000🧌' },
  { type: 'text', value: '' },
];

/** Floods: claims nonsense, votes for it again and again, and tries what no rule allows. */
export const troll: Role = {
  name: 'troll',
  summary: 'floods: claims nonsense, and votes for what is false again and again',
  async act(citizen) {
    const { draws } = citizen;
    if (draws.choose(5) === 4) return citizen.provoke();
    const published = citizen.somePublished();
    if (published !== undefined && !isTrue(published.assertion) && draws.choose(3) > 0) {
      for (let times = 0; times <= draws.choose(3); times++)
        await citizen.vote(published, citizen.noiseWeight());
      return;
    }
    const object = nonsense[draws.choose(nonsense.length)] ?? { type: 'boolean', value: true };
    return citizen.claim({ ...citizen.topic(), object });
  },
};
