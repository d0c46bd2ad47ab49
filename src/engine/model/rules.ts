import type { ValidationCode } from './codes.ts';
import { ValidationError } from './errors.ts';
import { AGENT_ID_BYTES, HASH_BYTES, SIGNATURE_BYTES } from './format.ts';
import { INTEGER_MAX, WEIGHT_MILLIONTHS_MAX } from './limits.ts';

/*
 * One function for each rule about a single value. They throw `ValidationError`, and the encoder calls
 * them on everything it writes, so that there is no way to bytes, a hash or a signature around them.
 */

/** With the `u` flag a pair is one character, so this matches unpaired halves only. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

export function requireText(value: string, field: string): void {
  if (typeof value !== 'string') throw new ValidationError('STEME_FIELD_TYPE', field);
  if (UNPAIRED_SURROGATE.test(value)) throw new ValidationError('STEME_TEXT_UNPAIRED_SURROGATE', field);
}

export function requireFinite(value: number, field: string): void {
  if (typeof value !== 'number') throw new ValidationError('STEME_FIELD_TYPE', field);
  if (Number.isFinite(value)) return;
  throw new ValidationError(Number.isNaN(value) ? 'STEME_NUMBER_NAN' : 'STEME_NUMBER_INFINITE', field);
}

export function requireBoolean(value: boolean, field: string): void {
  if (typeof value !== 'boolean') throw new ValidationError('STEME_FIELD_TYPE', field);
}

export function requireConfidence(value: number): void {
  requireFinite(value, 'confidence');
  if (value < 0 || value > 1) throw new ValidationError('STEME_CONFIDENCE_OUT_OF_RANGE', 'confidence');
}

export function requireTimestamp(value: number): void {
  requireFinite(value, 'timestamp');
  if (value < 0 || value > INTEGER_MAX)
    throw new ValidationError('STEME_TIMESTAMP_OUT_OF_RANGE', 'timestamp');
  if (!Number.isInteger(value)) throw new ValidationError('STEME_TIMESTAMP_NOT_INTEGER', 'timestamp');
}

export function requireEpoch(value: number): void {
  requireFinite(value, 'epoch');
  if (value < 0 || value > INTEGER_MAX) throw new ValidationError('STEME_EPOCH_OUT_OF_RANGE', 'epoch');
  if (!Number.isInteger(value)) throw new ValidationError('STEME_EPOCH_NOT_INTEGER', 'epoch');
}

export function requireWeightMillionths(value: number): void {
  requireFinite(value, 'weight');
  if (value < 0) throw new ValidationError('STEME_WEIGHT_NEGATIVE', 'weight');
  if (value > WEIGHT_MILLIONTHS_MAX) throw new ValidationError('STEME_WEIGHT_TOO_GREAT', 'weight');
  if (!Number.isInteger(value)) throw new ValidationError('STEME_WEIGHT_TOO_PRECISE', 'weight');
}

export function requireHash(value: Uint8Array, field: string): void {
  requireBytes(value, HASH_BYTES, 'STEME_HASH_LENGTH', field);
}

export function requireAgentId(value: Uint8Array, field: string): void {
  requireBytes(value, AGENT_ID_BYTES, 'STEME_AGENT_ID_LENGTH', field);
}

export function requireSignature(value: Uint8Array, field: string): void {
  requireBytes(value, SIGNATURE_BYTES, 'STEME_SIGNATURE_LENGTH', field);
}

/** Whether `value` is an array of `length` bytes. */
export function isBytes(value: unknown, length: number): boolean {
  return value instanceof Uint8Array && value.length === length;
}

function requireBytes(value: Uint8Array, length: number, code: ValidationCode, field: string): void {
  if (!(value instanceof Uint8Array)) throw new ValidationError('STEME_FIELD_TYPE', field);
  if (value.length !== length) throw new ValidationError(code, field);
}
