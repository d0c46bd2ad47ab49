import type { Role } from './citizen.ts';

/** Repeats one claim, whatever others say: the very same, or the same once more. */
export const believer: Role = {
  name: 'believer',
  summary: 'repeats one claim of its own, the very same or with another date',
  async act(citizen) {
    const { agent, draws } = citizen;
    const mine = citizen.society.published.find(({ author }) => author === agent.name);
    if (mine === undefined) {
      return citizen.claim({ ...citizen.topic(), object: { type: 'text', value: `${agent.name} believes` } });
    }
    const { subject, predicate, object, confidence, timestamp } = mine.assertion;
    const isVerySame = draws.choose(2) === 0;
    return citizen.claim({
      subject,
      predicate,
      object,
      ...(isVerySame ? { confidence, timestamp } : {}),
    });
  },
};
