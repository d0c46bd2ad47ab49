import { InvariantError } from './errors.ts';
import { decodeQuarantined, type QuarantinedRecord } from './ingest/index.ts';
import type { KeyValueReader } from './kv/index.ts';
import { type Hash, parseKey } from './model/index.ts';

/** One key of the store and what it means. */
export type StoreEntry =
  | { readonly kind: 'assertion'; readonly hash: Hash; readonly bytes: Uint8Array }
  | { readonly kind: 'subject-index'; readonly subject: string; readonly hash: Hash }
  | {
      readonly kind: 'subject-predicate-index';
      readonly subject: string;
      readonly predicate: string;
      readonly hash: Hash;
    }
  | ({ readonly kind: 'quarantined' } & QuarantinedRecord)
  | { readonly kind: 'cursor' };

/** Reads and parses every entry, in the order of the keys, as of one moment. */
export async function* entriesOf(store: KeyValueReader): AsyncGenerator<StoreEntry> {
  for await (const { key, value } of store.scan()) yield entryOf(key, value);
}

function entryOf(key: Uint8Array, value: Uint8Array): StoreEntry {
  const parsed = parseKey(key);
  switch (parsed.table) {
    case 'H':
      return { kind: 'assertion', hash: parsed.hash, bytes: value };
    case 'S':
      return { kind: 'subject-index', subject: parsed.subject, hash: parsed.hash };
    case 'SP':
      return {
        kind: 'subject-predicate-index',
        subject: parsed.subject,
        predicate: parsed.predicate,
        hash: parsed.hash,
      };
    case 'QR':
      return { kind: 'quarantined', ...decodeQuarantined(parsed.offset, value) };
    case 'CUR':
      return { kind: 'cursor' };
    default:
      throw new InvariantError(`the store holds a key of table ${parsed.table}, which nothing writes yet`);
  }
}
