import { blake3, fromHex } from '../../crypto/index.ts';
import { filledText, type HostileInput, parseLeniently, type Tester } from './hostile-inputs.test-support.ts';

/*
 * A writer of log records that checks nothing, written from the formats in content-codec.ts, assertion-codec.ts
 * and vote-codec.ts and from none of their code. For what those could never write, and to hold them against.
 */

/** The input as its author would put it into a log, or `undefined` where a record has no place for it. */
export function recordOf(input: HostileInput, tester: Tester): Uint8Array | undefined {
  const isAssertion = input.kind === 'assertion';
  const contentOf = isAssertion ? assertionContent : voteContent;
  try {
    const text = filledText(input, tester, (content) => messageOf(input.kind, contentOf(content)));
    const fields = requireObject(parseLeniently(text));
    return isAssertion ? assertionRecord(fields) : voteRecord(fields);
  } catch (error) {
    if (error instanceof NoPlaceError) return undefined;
    throw error;
  }
}

/** There is no field for it, or the field holds another type. */
class NoPlaceError extends Error {}

type Fields = Readonly<Record<string, unknown>>;

const version = 2;

function messageOf(kind: string, content: readonly number[]): Uint8Array {
  const tag = (part: string): number[] => utf8(`stemedb/${kind}/${part}\0${String.fromCharCode(version)}`);
  const hash = blake3(Uint8Array.from([...tag('content'), ...content]));
  return Uint8Array.from([...tag('signature'), ...hash]);
}

function assertionRecord(fields: Fields): Uint8Array {
  const { signatures, ...content } = fields;
  if (!Array.isArray(signatures)) throw new NoPlaceError();
  const head = [0x41, version, signatures.length & 0xff];
  return Uint8Array.from([...head, ...assertionContent(content), ...signatures.flatMap(signerBytes)]);
}

function signerBytes(signer: unknown): number[] {
  const { agentId, signature, ...rest } = requireObject(signer);
  requireNothing(rest);
  return hex(agentId).concat(hex(signature));
}

function assertionContent(fields: Fields): number[] {
  const {
    subject,
    predicate,
    object,
    parentHash,
    sourceHash,
    epoch,
    lifecycle,
    confidence,
    timestamp,
    ...rest
  } = fields;
  requireNothing(rest);
  const [type, objectBytes] = objectOf(object);
  const lifecycles = ['proposed', 'under-review', 'approved', 'deprecated', 'rejected'];
  const flags =
    Number(epoch !== undefined) + 2 * Number(parentHash !== undefined) + 4 * Number(sourceHash !== undefined);
  return [
    flags,
    lifecycles.indexOf(string(lifecycle === undefined ? 'proposed' : lifecycle)) & 0xff,
    type,
    ...f64(confidence),
    ...u64(timestamp),
    ...(epoch === undefined ? [] : u64(epoch)),
    ...(parentHash === undefined ? [] : hex(parentHash)),
    ...(sourceHash === undefined ? [] : hex(sourceHash)),
    ...text(subject, 2),
    ...text(predicate, 2),
    ...objectBytes,
  ];
}

function objectOf(object: unknown): [type: number, bytes: number[]] {
  if (typeof object === 'string') return [0, text(object, 4)];
  if (typeof object === 'number') return [1, f64(object)];
  if (typeof object === 'boolean') return [2, [Number(object)]];
  const [entry, another] = Object.entries(requireObject(object));
  if (entry === undefined || another !== undefined) throw new NoPlaceError();
  const [type, value] = entry;
  if (type === 'text') return [0, text(value, 4)];
  if (type === 'number') return [1, f64(value)];
  if (type === 'boolean' && typeof value === 'boolean') return [2, [Number(value)]];
  if (type === 'reference') return [3, text(value, 2)];
  throw new NoPlaceError();
}

function voteRecord(fields: Fields): Uint8Array {
  const { signature, ...content } = fields;
  return Uint8Array.from([0x56, version, ...voteContent(content), ...hex(signature)]);
}

function voteContent({ assertionHash, agentId, weight, timestamp, ...rest }: Fields): number[] {
  requireNothing(rest);
  if (typeof weight !== 'number') throw new NoPlaceError();
  return [...hex(assertionHash), ...hex(agentId), ...u64(millionthsOf(weight)), ...u64(timestamp)];
}

/** As a person would move the point; more than six decimals have no place. */
function millionthsOf(weight: number): number {
  const [digits = '', decimals = ''] = String(Math.abs(weight)).split('.');
  if (!/^\d+$/.test(digits) || decimals.length > 6) throw new NoPlaceError();
  return Math.sign(weight) * Number(digits + decimals.padEnd(6, '0'));
}

function requireObject(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NoPlaceError();
  return value as Fields;
}

function requireNothing(rest: object): void {
  if (Object.keys(rest).length > 0) throw new NoPlaceError();
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new NoPlaceError();
  return value;
}

/** Of any length. */
function hex(value: unknown): number[] {
  const bytes = fromHex(string(value));
  if (bytes === undefined) throw new NoPlaceError();
  return [...bytes];
}

/** With the low bytes of its length in front. */
function text(value: unknown, lengthBytes: 2 | 4): number[] {
  const bytes = utf8(string(value));
  const length = Array.from({ length: lengthBytes }, (_, at) => (bytes.length >>> (8 * at)) & 0xff);
  return length.concat(bytes);
}

/** UTF-8 by its definition, applied to halves of surrogate pairs too. */
function utf8(value: string): number[] {
  const bytes: number[] = [];
  for (const character of value) {
    const point = character.codePointAt(0)!;
    const continuation = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), continuation(0));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), continuation(6), continuation(0));
    else bytes.push(0xf0 | (point >> 18), continuation(12), continuation(6), continuation(0));
  }
  return bytes;
}

function f64(value: unknown): number[] {
  if (typeof value !== 'number') throw new NoPlaceError();
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return [...new Uint8Array(view.buffer)];
}

/** An integer of up to 64 bits, negative ones as two's complement. */
function u64(value: unknown): number[] {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new NoPlaceError();
  if (value < -(2 ** 63) || value >= 2 ** 64) throw new NoPlaceError();
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return [...new Uint8Array(view.buffer)];
}
