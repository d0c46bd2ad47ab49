import type { ViolationError } from './laboratory.ts';
import type { AppliedDamage } from './fuzz-case.ts';

/** A defect that is known and not mended yet: counted, and no reason to fail. A test sees that it is still there. */
export interface KnownDefect {
  readonly name: string;
  matches(damages: readonly AppliedDamage[], violation: ViolationError): boolean;
}

export const knownDefects: readonly KnownDefect[] = [
  {
    // The store opens its log, which makes a segment and discards headerless ones, and only then finds that
    // the log's content contradicts the manifest. To be judged before the log is opened for writing.
    name: 'a store that is refused has changed its log before',
    matches: (_, { message }) => /^it is refused, and \S+\/kv\/log\/\S+ was changed$/.test(message),
  },
];
