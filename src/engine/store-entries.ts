import { type ApiKey, decodeApiKey } from './access/index.ts';
import { decodeAudit, type QueryAudit } from './audit/index.ts';
import { invariant } from './errors.ts';
import { decodeQuarantined, type QuarantinedRecord } from './ingest/index.ts';
import { decodeCounter, type KeyValueReader } from './kv/index.ts';
import { type AgentId, type Hash, parseKey } from './model/index.ts';
import { decodeView, type View } from './views/index.ts';

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
  | { readonly kind: 'vote'; readonly assertionHash: Hash; readonly hash: Hash; readonly bytes: Uint8Array }
  | { readonly kind: 'vote-count' | 'vote-weight'; readonly assertionHash: Hash; readonly sum: bigint }
  | {
      readonly kind: 'view';
      readonly subject: string;
      readonly predicate: string;
      readonly lens: string;
      readonly view: View;
    }
  | { readonly kind: 'view-behind'; readonly subject: string; readonly predicate: string }
  | ({ readonly kind: 'audit' } & QueryAudit)
  | { readonly kind: 'agent-audit-index'; readonly agentId: AgentId; readonly queryId: string }
  | ({ readonly kind: 'quarantined' } & QuarantinedRecord)
  | { readonly kind: 'api-key'; readonly record: ApiKey }
  | { readonly kind: 'quota'; readonly apiKeyId: string; readonly window: number; readonly used: bigint }
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
    case 'V':
      return { kind: 'vote', assertionHash: parsed.assertionHash, hash: parsed.hash, bytes: value };
    case 'VC':
    case 'VW': {
      const sum = decodeCounter(value);
      invariant(sum !== undefined, 'a sum of votes is a counter');
      const kind = parsed.table === 'VC' ? 'vote-count' : 'vote-weight';
      return { kind, assertionHash: parsed.assertionHash, sum };
    }
    case 'MV': {
      const { subject, predicate, lens } = parsed;
      return { kind: 'view', subject, predicate, lens, view: decodeView(value) };
    }
    case 'MD':
      return { kind: 'view-behind', subject: parsed.subject, predicate: parsed.predicate };
    case 'AU':
      return { kind: 'audit', ...decodeAudit(parsed.queryId, value) };
    case 'AA':
      return { kind: 'agent-audit-index', agentId: parsed.agentId, queryId: parsed.queryId };
    case 'QR':
      return { kind: 'quarantined', ...decodeQuarantined(parsed.offset, value) };
    case 'AK':
      return { kind: 'api-key', record: decodeApiKey(parsed.keyHash, value) };
    case 'QT': {
      const used = decodeCounter(value);
      invariant(used !== undefined, 'what a key has used is a counter');
      return { kind: 'quota', apiKeyId: parsed.apiKey, window: parsed.window, used };
    }
    case 'CUR':
      return { kind: 'cursor' };
  }
}
