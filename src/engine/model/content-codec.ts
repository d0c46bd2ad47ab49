import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { ValidationCode } from './codes.ts';
import { ValidationError } from './errors.ts';
import { HASH_BYTES } from './format.ts';
import { NAME_BYTES_MAX, TEXT_BYTES_MAX } from './limits.ts';
import {
  requireBoolean,
  requireConfidence,
  requireEpoch,
  requireFinite,
  requireHash,
  requireText,
  requireTimestamp,
} from './rules.ts';
import { type AssertionContent, LIFECYCLES, OBJECT_TYPES, type ObjectValue } from './types.ts';

/*
 * The content of an assertion, which is what its hash is over. Little-endian.
 *
 *    0   flags        u8    bit 0 epoch, bit 1 parentHash, bit 2 sourceHash; the others are 0
 *    1   lifecycle    u8    0 proposed, 1 under-review, 2 approved, 3 deprecated, 4 rejected
 *    2   object type  u8    0 text, 1 number, 2 boolean, 3 reference
 *    3   confidence   f64   0 to 1
 *   11   timestamp    u64   up to 2^53 - 1
 *   19   epoch        u64   if flagged, up to 2^53 - 1
 *        parentHash   32    if flagged
 *        sourceHash   32    if flagged
 *        subject      u16 length (1 to 1,024), UTF-8
 *        predicate    u16 length (1 to 1,024), UTF-8
 *        object       text: u32 length (0 to 65,536), UTF-8 · number: f64 · boolean: u8, 0 or 1 ·
 *                     reference: as a subject
 *
 * Nothing can be written in two ways: widths are fixed, UTF-8 is strict, doubles are finite and never -0.
 */

const FLAG_EPOCH = 1;
const FLAG_PARENT = 2;
const FLAG_SOURCE = 4;
const FLAGS = FLAG_EPOCH | FLAG_PARENT | FLAG_SOURCE;

const NAME_LENGTH_BYTES = 2;
const TEXT_LENGTH_BYTES = 4;

/** Bytes of the longest content. */
export const CONTENT_BYTES_MAX =
  3 + 3 * 8 + 2 * HASH_BYTES + 2 * (NAME_LENGTH_BYTES + NAME_BYTES_MAX) + TEXT_LENGTH_BYTES + TEXT_BYTES_MAX;

/** Throws `ValidationError` at the first field that breaks a rule; what was written by then is void. */
export function writeContent(writer: ByteWriter, content: AssertionContent): void {
  const { epoch, parentHash, sourceHash, object } = content;
  const lifecycle = LIFECYCLES.indexOf(content.lifecycle);
  if (lifecycle < 0) throw new ValidationError('STEME_LIFECYCLE_UNKNOWN', 'lifecycle');
  const type = OBJECT_TYPES.indexOf(object?.type);
  if (type < 0) throw new ValidationError('STEME_OBJECT_TYPE', 'object');
  requireConfidence(content.confidence);
  requireTimestamp(content.timestamp);

  writer.u8(
    (epoch === undefined ? 0 : FLAG_EPOCH) |
      (parentHash === undefined ? 0 : FLAG_PARENT) |
      (sourceHash === undefined ? 0 : FLAG_SOURCE),
  );
  writer.u8(lifecycle);
  writer.u8(type);
  writer.f64(content.confidence);
  writer.u64(content.timestamp);
  if (epoch !== undefined) {
    requireEpoch(epoch);
    writer.u64(epoch);
  }
  if (parentHash !== undefined) {
    requireHash(parentHash, 'parentHash');
    writer.bytes(parentHash);
  }
  if (sourceHash !== undefined) {
    requireHash(sourceHash, 'sourceHash');
    writer.bytes(sourceHash);
  }
  writeName(writer, content.subject, 'subject', 'STEME_SUBJECT_EMPTY', 'STEME_SUBJECT_TOO_LONG');
  writeName(writer, content.predicate, 'predicate', 'STEME_PREDICATE_EMPTY', 'STEME_PREDICATE_TOO_LONG');
  writeObject(writer, object);
}

/** Throws `DecodeError`. What it accepts, `writeContent` writes in the same bytes. */
export function readContent(reader: ByteReader): AssertionContent {
  const flags = reader.u8();
  if ((flags & ~FLAGS) !== 0) reader.refuse('STEME_DECODE_FLAGS', 1);
  const lifecycle = LIFECYCLES[reader.u8()] ?? reader.refuse('STEME_DECODE_LIFECYCLE', 1);
  const type = OBJECT_TYPES[reader.u8()] ?? reader.refuse('STEME_DECODE_OBJECT_TYPE', 1);
  const confidence = reader.f64();
  if (confidence < 0 || confidence > 1) reader.refuse('STEME_DECODE_NUMBER', 8);
  const timestamp = reader.u64();
  const epoch = flags & FLAG_EPOCH ? reader.u64() : undefined;
  const parentHash = flags & FLAG_PARENT ? reader.bytes(HASH_BYTES) : undefined;
  const sourceHash = flags & FLAG_SOURCE ? reader.bytes(HASH_BYTES) : undefined;
  const subject = reader.text(NAME_LENGTH_BYTES, 1, NAME_BYTES_MAX);
  const predicate = reader.text(NAME_LENGTH_BYTES, 1, NAME_BYTES_MAX);
  const object = readObject(reader, type);
  // Assigned, since spreading three optional fields would take as long as all the rest.
  const content: Writable<AssertionContent> = {
    subject,
    predicate,
    object,
    lifecycle,
    confidence,
    timestamp,
  };
  if (epoch !== undefined) content.epoch = epoch;
  if (parentHash !== undefined) content.parentHash = parentHash;
  if (sourceHash !== undefined) content.sourceHash = sourceHash;
  return content;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function writeName(
  writer: ByteWriter,
  value: string,
  field: string,
  empty: ValidationCode,
  tooLong: ValidationCode,
): void {
  requireText(value, field);
  if (value === '') throw new ValidationError(empty, field);
  if (!writer.text(value, NAME_LENGTH_BYTES, NAME_BYTES_MAX)) throw new ValidationError(tooLong, field);
}

function writeObject(writer: ByteWriter, object: ObjectValue): void {
  switch (object.type) {
    case 'text':
      requireText(object.value, 'object.text');
      if (!writer.text(object.value, TEXT_LENGTH_BYTES, TEXT_BYTES_MAX)) {
        throw new ValidationError('STEME_TEXT_TOO_LONG', 'object.text');
      }
      return;
    case 'number':
      requireFinite(object.value, 'object.number');
      return writer.f64(object.value);
    case 'boolean':
      requireBoolean(object.value, 'object.boolean');
      return writer.u8(object.value ? 1 : 0);
    case 'reference':
      return writeName(
        writer,
        object.value,
        'object.reference',
        'STEME_REFERENCE_EMPTY',
        'STEME_REFERENCE_TOO_LONG',
      );
  }
}

function readObject(reader: ByteReader, type: ObjectValue['type']): ObjectValue {
  switch (type) {
    case 'text':
      return { type, value: reader.text(TEXT_LENGTH_BYTES, 0, TEXT_BYTES_MAX) };
    case 'number':
      return { type, value: reader.f64() };
    case 'boolean':
      return { type, value: readBoolean(reader) };
    case 'reference':
      return { type, value: reader.text(NAME_LENGTH_BYTES, 1, NAME_BYTES_MAX) };
  }
}

function readBoolean(reader: ByteReader): boolean {
  const value = reader.u8();
  if (value > 1) reader.refuse('STEME_DECODE_BOOLEAN', 1);
  return value === 1;
}
