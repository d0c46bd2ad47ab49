import { assertionHash, type ObjectValue } from '../model/index.ts';

/**
 * 32 characters, equal for equal values and for no others: those of the hash of the barest claim of the value. So it is
 * the canonical encoding that says what is equal (0 and -0 are, a text and a reference are not), and no long
 * text is kept.
 */
export function valueIdentity(object: ObjectValue): string {
  const claim = {
    subject: '-',
    predicate: '-',
    object,
    lifecycle: 'proposed',
    confidence: 0,
    timestamp: 0,
  } as const;
  return String.fromCharCode(...assertionHash(claim));
}
