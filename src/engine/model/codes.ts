import { NAME_BYTES_MAX, RECORD_BYTES_MAX, SIGNATURES_MAX, TEXT_BYTES_MAX } from './limits.ts';

/** Why the model refuses a value that somebody hands in, and what to do about it. */
export const VALIDATION_CODES = {
  STEME_FIELD_MISSING: 'is missing; it has no default',
  STEME_FIELD_TYPE: 'is of another type than this field has',
  STEME_FIELD_UNKNOWN: 'is no field that is known here; it would be lost, so remove it',
  STEME_SUBJECT_EMPTY: 'is empty; a claim is about something',
  STEME_SUBJECT_TOO_LONG: `takes more than ${NAME_BYTES_MAX} bytes as UTF-8`,
  STEME_PREDICATE_EMPTY: 'is empty; a claim says something',
  STEME_PREDICATE_TOO_LONG: `takes more than ${NAME_BYTES_MAX} bytes as UTF-8`,
  STEME_REFERENCE_EMPTY: 'is empty; a reference names a subject',
  STEME_REFERENCE_TOO_LONG: `takes more than ${NAME_BYTES_MAX} bytes as UTF-8, so it names no subject`,
  STEME_NAME_TOO_LONG: `takes more than ${NAME_BYTES_MAX} bytes as UTF-8`,
  STEME_TEXT_TOO_LONG: `takes more than ${TEXT_BYTES_MAX} bytes as UTF-8; store it elsewhere and claim its hash`,
  STEME_TEXT_UNPAIRED_SURROGATE: 'holds half of a surrogate pair, which no UTF-8 can express',
  STEME_OBJECT_TYPE: 'must be exactly one of text, number, boolean and reference',
  STEME_NUMBER_NAN: 'is not a number',
  STEME_NUMBER_INFINITE: 'is infinite, or too great for a double',
  STEME_LIFECYCLE_UNKNOWN: 'must be proposed, under-review, approved, deprecated or rejected',
  STEME_CONFIDENCE_OUT_OF_RANGE: 'must lie between 0 and 1',
  STEME_TIMESTAMP_NOT_INTEGER: 'must be whole milliseconds since 1970',
  STEME_TIMESTAMP_OUT_OF_RANGE: 'must lie between 0 and 2^53 - 1',
  STEME_EPOCH_NOT_INTEGER: 'must be an integer',
  STEME_EPOCH_OUT_OF_RANGE: 'must lie between 0 and 2^53 - 1',
  STEME_WEIGHT_NEGATIVE: 'must not be negative; to oppose a claim, make or back another one',
  STEME_WEIGHT_TOO_GREAT: 'must not exceed 1,000,000,000',
  STEME_WEIGHT_TOO_PRECISE: 'has more than six decimals; round it before you sign it',
  STEME_HEX_INVALID: 'must be lower-case hex without prefix',
  STEME_HASH_LENGTH: 'must have 32 bytes',
  STEME_AGENT_ID_LENGTH: 'must have 32 bytes, those of an Ed25519 public key',
  STEME_SIGNATURE_LENGTH: 'must have 64 bytes',
  STEME_SIGNATURES_NONE: 'is empty; somebody has to stand by a claim',
  STEME_SIGNATURES_TOO_MANY: `holds more than ${SIGNATURES_MAX} signatures`,
  STEME_SIGNER_DUPLICATE: 'signs a second time; one signature of each agent is enough',
  STEME_PARENT_IS_SELF: 'is the hash of the assertion itself',
} as const;

/** Why bytes are no record of this format. None of it happens to what the encoder wrote. */
export const DECODE_CODES = {
  STEME_DECODE_TOO_LONG: `more than ${RECORD_BYTES_MAX} bytes: longer than any record`,
  STEME_DECODE_TRUNCATED: 'the record goes on where the bytes end',
  STEME_DECODE_TRAILING: 'bytes follow after the end of the record',
  STEME_DECODE_KIND: 'no kind of record that this release knows, or not the one asked for',
  STEME_DECODE_VERSION: 'a version of the format that this release does not read',
  STEME_DECODE_FLAGS: 'a flag that has no meaning',
  STEME_DECODE_LIFECYCLE: 'no code of a lifecycle',
  STEME_DECODE_OBJECT_TYPE: 'no code of an object type',
  STEME_DECODE_BOOLEAN: 'neither 0 nor 1',
  STEME_DECODE_LENGTH: 'a length outside of the limits of its field',
  STEME_DECODE_UTF8: 'not UTF-8 in its shortest form',
  STEME_DECODE_NUMBER:
    'a double that is not finite, is a negative zero, or is outside of the range of its field',
  STEME_DECODE_INTEGER: 'an integer above the greatest of its field',
  STEME_DECODE_SIGNATURE_COUNT: `not between 1 and ${SIGNATURES_MAX} signatures`,
  STEME_DECODE_SIGNATURE_ORDER: 'signatures not in strictly ascending order of their agents',
} as const;

/** Why a well-formed assertion or vote is not believed. */
export const VERIFICATION_CODES = {
  STEME_SIGNATURE_INVALID: 'the signature is not one of this agent over this content',
} as const;

/** Everything that the model refuses, for documentation and for the API's problem types. */
export const MODEL_CODES = { ...VALIDATION_CODES, ...DECODE_CODES, ...VERIFICATION_CODES } as const;

export type ValidationCode = keyof typeof VALIDATION_CODES;
export type DecodeCode = keyof typeof DECODE_CODES;
export type VerificationCode = keyof typeof VERIFICATION_CODES;
