import { fromHex, toHex } from '../../crypto/index.ts';
import { decodeQuarantined, type QuarantinedRecord } from '../ingest/index.ts';
import { InvariantError } from '../errors.ts';
import type { KeyValueReader } from '../kv/index.ts';
import {
  encodeAssertion,
  parseKey,
  quarantineKey,
  quarantinePrefix,
  subjectPredicatePrefix,
} from '../model/index.ts';
import { candidatesOf, type ClaimFilter } from '../resolve/index.ts';
import { afterOf, limitOf } from './page.ts';
import type { ListedClaim, Page, PageOptions } from './types.ts';

/** Claims that pass the filter, in the order of their hashes. */
export async function listClaims(
  store: KeyValueReader,
  filter: ClaimFilter,
  options: PageOptions,
  pageBytesMax: number,
): Promise<Page<ListedClaim>> {
  const limit = limitOf(options);
  const after = afterOf(options, /^[0-9a-f]{64}$/);
  const items: ListedClaim[] = [];
  let bytes = 0;
  for await (const claim of candidatesOf(store, filter, after === undefined ? undefined : fromHex(after))) {
    const last = items.at(-1);
    // Only now is it known that there is a next page.
    if (last !== undefined && (items.length === limit || bytes > pageBytesMax)) {
      return { items, next: toHex(last.hash) };
    }
    items.push(claim);
    bytes += encodeAssertion(claim.assertion).length;
  }
  return { items, next: undefined };
}

/** Predicates that claims about a subject have, in the order of their code points. Skips over their claims. */
export async function listPredicates(
  store: KeyValueReader,
  subject: string,
  options: PageOptions,
): Promise<Page<string>> {
  const limit = limitOf(options);
  const items: string[] = [];
  let from = subjectPredicatePrefix(subject, '').slice(0, -2);
  const to = keysBeyond(from);
  if (options.after !== undefined) from = keysBeyond(subjectPredicatePrefix(subject, options.after));
  for (;;) {
    const [entry] = await collect(store, { from, to, limit: 1 });
    if (entry === undefined) return { items, next: undefined };
    if (items.length === limit) return { items, next: items.at(-1) };
    const parsed = parseKey(entry.key);
    if (parsed.table !== 'SP') throw new InvariantError(`an index has a key of table ${parsed.table}`);
    items.push(parsed.predicate);
    from = keysBeyond(subjectPredicatePrefix(subject, parsed.predicate));
  }
}

/** Records that could not be ingested, in the order of the log. */
export async function listQuarantined(
  store: KeyValueReader,
  options: PageOptions,
  pageBytesMax: number,
): Promise<Page<QuarantinedRecord>> {
  const limit = limitOf(options);
  const after = afterOf(options, /^(0|[1-9][0-9]{0,15})$/);
  const prefix = quarantinePrefix;
  const items: QuarantinedRecord[] = [];
  let bytes = 0;
  const range = after === undefined ? { prefix } : { prefix, after: quarantineKey(Number(after)) };
  for await (const { key, value } of store.scan(range)) {
    const last = items.at(-1);
    if (last !== undefined && (items.length === limit || bytes > pageBytesMax)) {
      return { items, next: String(last.offset) };
    }
    const parsed = parseKey(key);
    if (parsed.table !== 'QR') throw new InvariantError(`quarantine has a key of table ${parsed.table}`);
    items.push(decodeQuarantined(parsed.offset, value));
    bytes += value.length;
  }
  return { items, next: undefined };
}

/** The least key greater than all that begin with `prefix`, whose last byte is never the greatest there is. */
function keysBeyond(prefix: Uint8Array): Uint8Array<ArrayBuffer> {
  const beyond = Uint8Array.from(prefix);
  beyond[beyond.length - 1]! += 1;
  return beyond;
}

async function collect(
  store: KeyValueReader,
  range: { readonly from: Uint8Array; readonly to: Uint8Array; readonly limit: number },
): Promise<{ readonly key: Uint8Array }[]> {
  const entries = [];
  for await (const entry of store.scan(range)) entries.push(entry);
  return entries;
}
