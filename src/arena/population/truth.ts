import type { Assertion, ObjectValue } from '../../engine/index.ts';

interface Topic {
  readonly subject: string;
  readonly predicate: string;
}

/** What is so. */
export function truthOf({ subject, predicate }: Topic): ObjectValue {
  return { type: 'text', value: `the ${predicate} of ${subject}, as measured` };
}

export function isTrue(assertion: Assertion): boolean {
  const { type, value } = truthOf(assertion);
  return assertion.object.type === type && assertion.object.value === value;
}
