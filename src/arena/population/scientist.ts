import type { Lifecycle } from '../../engine/index.ts';
import { blake3 } from '../../crypto/index.ts';
import type { Role } from './citizen.ts';
import { isTrue, truthOf } from './truth.ts';

/** The weight of one honest vote. */
const honestMillionths = 1_000_000;

const transitions: readonly Lifecycle[] = ['under-review', 'approved', 'deprecated', 'rejected'];

/** Claims what is true, with a source, carries claims through their lifecycle, and votes for true ones. */
export const scientist: Role = {
  name: 'scientist',
  summary: 'honest: claims what is true with its source, reviews, votes for what is true',
  async act(citizen) {
    const { draws } = citizen;
    const published = citizen.somePublished();
    const choice = draws.choose(6);
    if (published !== undefined && isTrue(published.assertion) && choice >= 3) {
      if (choice === 5) {
        const lifecycle = transitions[draws.choose(transitions.length)] ?? 'under-review';
        const { subject, predicate, object } = published.assertion;
        return citizen.claim({ subject, predicate, object, lifecycle, parentHash: published.hash });
      }
      if (await citizen.vote(published, honestMillionths)) citizen.society.honour(published);
      return;
    }
    if (choice === 2) return void (await citizen.ask());
    const topic = citizen.topic();
    const sourceHash = blake3(new TextEncoder().encode(topic.subject));
    return citizen.claim({ ...topic, object: truthOf(topic), sourceHash, epoch: citizen.acts });
  },
};
