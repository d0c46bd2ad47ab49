import { blake3, crc32c } from '../../src/crypto/index.ts';
import type { Dice } from './dice.ts';
import type { Target } from './targets.ts';

export interface Forged {
  readonly bytes: Uint8Array;
  /** Which field, where, and from what to what. */
  readonly what: string;
}

/** A number in a file; `width` in bytes, little-endian. */
interface Field {
  readonly name: string;
  readonly at: number;
  readonly width: 1 | 2 | 4 | 8;
}

/** Puts a hostile number into some field; then mends every checksum, so that it is taken at its word. */
export function forge(target: Target, bytes: Uint8Array, dice: Dice): Forged | undefined {
  const copy = bytes.slice();
  switch (target) {
    case 'wal':
    case 'kv log':
      return forgeSegment(copy, target, dice);
    case 'manifest':
      return forgeManifest(copy, dice);
    case 'run':
      return forgeRun(copy, dice);
  }
}

// A segment: two copies of the header, then records. See src/engine/wal/segment-header.ts, record.ts, envelope.ts.

function forgeSegment(bytes: Uint8Array, target: 'wal' | 'kv log', dice: Dice): Forged | undefined {
  if (bytes.length < 1024) return undefined;
  const sectorBytes = viewOf(bytes).getUint32(12, true);
  const records = recordsOf(bytes, 2 * sectorBytes);
  const nth = dice.below(records.length + 1) - 1;
  const at = records[nth];
  if (at === undefined) {
    const field = dice.pick(headerFields);
    const what = setHostile(bytes, field, dice);
    const header = bytes.slice(0, 104);
    const digest = blake3(header);
    const copies = dice.pick([[0], [0, sectorBytes]]);
    for (const start of copies) {
      bytes.set(header, start);
      bytes.set(digest, start + 104);
    }
    return { bytes, what: `header: ${what}` };
  }
  const ofBody = target === 'kv log' ? logRecordFields(bytes, at) : claimFields(bytes, at, dice);
  const fields = moved([...recordFields, ...ofBody], at);
  const what = setHostile(bytes, dice.pick(fields), dice);
  reseal(bytes, records, nth, dice.below(2) === 0);
  return { bytes, what: `record ${nth}: ${what}` };
}

const recordHeadBytes = 112;

const headerFields: readonly Field[] = [
  { name: 'version', at: 8, width: 4 },
  { name: 'sectorBytes', at: 12, width: 4 },
  { name: 'id', at: 16, width: 8 },
  { name: 'predecessor', at: 32, width: 8 },
  { name: 'base', at: 48, width: 8 },
  { name: 'baseLsn', at: 56, width: 8 },
  { name: 'carriedThrough', at: 64, width: 8 },
];

const recordFields: readonly Field[] = [
  { name: 'len', at: 0, width: 4 },
  { name: 'kind', at: 40, width: 1 },
  { name: 'flags', at: 41, width: 1 },
  { name: 'bodyLength', at: 44, width: 4 },
  { name: 'lsn', at: 56, width: 8 },
  { name: 'offset', at: 64, width: 8 },
  { name: 'durableThrough', at: 72, width: 8 },
];

/** Where each whole record begins. */
function recordsOf(bytes: Uint8Array, from: number): number[] {
  const view = viewOf(bytes);
  const records: number[] = [];
  for (let at = from; at + recordHeadBytes <= bytes.length;) {
    const next = at + 40 + view.getUint32(at, true);
    if (next < at + recordHeadBytes || next > bytes.length) break;
    records.push(at);
    at = next;
  }
  return records;
}

/** The fields of a record of the store's log, see src/engine/kv/log-record.ts. */
function logRecordFields(bytes: Uint8Array, at: number): Field[] {
  const body = bytes.subarray(at + recordHeadBytes, at + recordHeadBytes + bodyLengthAt(bytes, at));
  if (body.length < 16) return [];
  const fields: Field[] = [
    { name: 'version', at: 8, width: 4 },
    { name: 'entries', at: 12, width: 4 },
    ...entryFields(body, 16, body.length),
  ];
  return moved(fields, recordHeadBytes);
}

/** A claim is a series of short fields, most of them with a length before; any byte of it may be one. */
function claimFields(bytes: Uint8Array, at: number, dice: Dice): Field[] {
  const length = bodyLengthAt(bytes, at);
  if (length < 8) return [];
  return ([1, 2, 4] as const).map((width) => ({
    name: 'body',
    at: recordHeadBytes + dice.below(Math.min(length, 128) - 4),
    width,
  }));
}

function bodyLengthAt(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getUint32(at + 44, true);
}

/** Mends the checksums of a record, and the chain through all that follow it unless `alone`. */
function reseal(bytes: Uint8Array, records: readonly number[], first: number, alone: boolean): void {
  const view = viewOf(bytes);
  let hash: Uint8Array | undefined;
  for (let nth = first; nth < (alone ? first + 1 : records.length); nth += 1) {
    const at = records[nth]!;
    if (hash !== undefined) bytes.set(hash, at + 80);
    const declared = at + 40 + view.getUint32(at, true);
    const end =
      declared > at + 40 && declared <= bytes.length ? declared : (records[nth + 1] ?? bytes.length);
    hash = blake3(bytes, at + 40, end);
    bytes.set(hash, at + 8);
    const head = new Uint8Array(recordHeadBytes - 4);
    head.set(bytes.subarray(at, at + 4));
    head.set(bytes.subarray(at + 8, at + recordHeadBytes), 4);
    view.setUint32(at + 4, crc32c(head), true);
  }
}

// A manifest, see src/engine/kv/manifest.ts.

function forgeManifest(bytes: Uint8Array, dice: Dice): Forged | undefined {
  if (bytes.length < 72) return undefined;
  const fields: Field[] = [
    { name: 'version', at: 8, width: 4 },
    { name: 'number', at: 12, width: 4 },
    { name: 'logOffset', at: 24, width: 8 },
    { name: 'nextRunId', at: 32, width: 4 },
    { name: 'runs', at: 36, width: 4 },
  ];
  const bodyEnd = bytes.length - 32;
  for (let at = 40; at + 20 <= bodyEnd; at += 20) {
    fields.push({ name: 'run id', at, width: 4 }, { name: 'run size', at: at + 12, width: 8 });
  }
  const what = setHostile(bytes, dice.pick(fields), dice);
  bytes.set(blake3(bytes, 0, bodyEnd), bodyEnd);
  return { bytes, what };
}

// A run, see src/engine/kv/run-format.ts, run-index.ts, block.ts.

const footerBytes = 92;

function forgeRun(bytes: Uint8Array, dice: Dice): Forged | undefined {
  const footerAt = bytes.length - footerBytes;
  if (footerAt < 0) return undefined;
  const view = viewOf(bytes);
  const indexAt = Number(view.getBigUint64(footerAt + 40, true));
  const blocks = blocksOf(bytes, indexAt, view.getUint32(footerAt + 48, true));
  const part = dice.pick(['footer', 'index', 'block'] as const);
  if (part === 'footer') {
    const what = setHostile(bytes, dice.pick(moved(footerFields, footerAt)), dice);
    sealFooter(bytes, footerAt);
    return { bytes, what: `footer: ${what}` };
  }
  const nth = dice.below(blocks.length);
  const { at, end, entryAt } = blocks[nth]!;
  if (part === 'index') {
    const fields: Field[] = [
      { name: 'block length', at: entryAt, width: 4 },
      { name: 'filter length', at: entryAt + 4, width: 2 },
      { name: 'key length', at: entryAt + 6, width: 2 },
    ];
    const what = setHostile(bytes, dice.pick(fields), dice);
    bytes.set(blake3(bytes, indexAt, footerAt), footerAt + 56);
    sealFooter(bytes, footerAt);
    return { bytes, what: `index of block ${nth}: ${what}` };
  }
  const fields: Field[] = [
    { name: 'number', at: at + 12, width: 4 },
    { name: 'entries', at: at + 16, width: 4 },
    ...entryFields(bytes, at + 20, end),
  ];
  const what = setHostile(bytes, dice.pick(fields), dice);
  view.setUint32(at, crc32c(bytes, at + 4, end), true);
  return { bytes, what: `block ${nth}: ${what}` };
}

const footerFields: readonly Field[] = [
  { name: 'version', at: 8, width: 4 },
  { name: 'id', at: 12, width: 4 },
  { name: 'entries', at: 24, width: 8 },
  { name: 'tombstones', at: 32, width: 8 },
  { name: 'blocksBytes', at: 40, width: 8 },
  { name: 'blocks', at: 48, width: 4 },
  { name: 'indexBytes', at: 52, width: 4 },
];

function sealFooter(bytes: Uint8Array, footerAt: number): void {
  viewOf(bytes).setUint32(footerAt + 88, crc32c(bytes, footerAt, footerAt + 88), true);
}

/** Where each block lies, and where the index tells of it. */
function blocksOf(
  bytes: Uint8Array,
  indexAt: number,
  count: number,
): { readonly at: number; readonly end: number; readonly entryAt: number }[] {
  const view = viewOf(bytes);
  const blocks = [];
  let at = 0;
  let entryAt = indexAt;
  for (let nth = 0; nth < count; nth += 1) {
    const end = at + view.getUint32(entryAt, true);
    blocks.push({ at, end, entryAt });
    at = end;
    entryAt += 8 + view.getUint16(entryAt + 4, true) + view.getUint16(entryAt + 6, true);
  }
  return blocks;
}

/** The lengths of all entries, see src/engine/kv/entry-codec.ts. */
function entryFields(bytes: Uint8Array, from: number, end: number): Field[] {
  const view = viewOf(bytes);
  const fields: Field[] = [];
  for (let at = from; at + 6 <= end;) {
    fields.push({ name: 'key length', at, width: 2 }, { name: 'value length', at: at + 2, width: 4 });
    const valueLength = view.getUint32(at + 2, true);
    at += 6 + view.getUint16(at, true) + (valueLength === 0xffffffff ? 0 : valueLength);
  }
  return fields;
}

// Fields.

function moved(fields: readonly Field[], by: number): Field[] {
  return fields.map(({ name, at, width }) => ({ name, at: at + by, width }));
}

const limits = [
  0,
  1,
  0x7f,
  0xff,
  0x7fff,
  0xffff,
  2 ** 27,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53,
];

/** A number that is next to what was there, or at the edge of what can be. */
function setHostile(bytes: Uint8Array, { name, at, width }: Field, dice: Dice): string {
  const view = viewOf(bytes);
  const before = get(view, at, width);
  const candidates = [
    ...limits.map(BigInt),
    2n ** 64n - 1n,
    before + 1n,
    before - 1n,
    before + 512n,
    before - 512n,
    before * 2n,
    BigInt(bytes.length),
    BigInt(bytes.length - at),
  ];
  const after = BigInt.asUintN(8 * width, dice.pick(candidates));
  for (let byte = 0; byte < width; byte += 1)
    view.setUint8(at + byte, Number((after >> BigInt(8 * byte)) & 0xffn));
  return `${name} at ${at} from ${before} to ${after}`;
}

function get(view: DataView, at: number, width: number): bigint {
  let value = 0n;
  for (let byte = width - 1; byte >= 0; byte -= 1) value = (value << 8n) | BigInt(view.getUint8(at + byte));
  return value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
