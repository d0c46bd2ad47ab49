import { toHex } from '../../crypto/index.ts';
import { InvariantError } from '../errors.ts';
import { KeyReader } from './key-reader.ts';
import type { AgentId, Hash } from './types.ts';

/** A key of the store, by table; see keys.ts. */
export type ParsedKey =
  | { readonly table: 'H'; readonly hash: Hash }
  | { readonly table: 'S'; readonly subject: string; readonly hash: Hash }
  | { readonly table: 'SP'; readonly subject: string; readonly predicate: string; readonly hash: Hash }
  | { readonly table: 'V'; readonly assertionHash: Hash; readonly hash: Hash }
  | { readonly table: 'VC'; readonly assertionHash: Hash }
  | { readonly table: 'VW'; readonly assertionHash: Hash }
  | { readonly table: 'MV'; readonly subject: string; readonly predicate: string; readonly lens: string }
  | { readonly table: 'MD'; readonly subject: string; readonly predicate: string }
  | { readonly table: 'AU'; readonly queryId: string }
  | { readonly table: 'AA'; readonly agentId: AgentId; readonly timestamp: number; readonly queryId: string }
  | { readonly table: 'QR'; readonly offset: number }
  | { readonly table: 'QT'; readonly apiKey: string; readonly window: number }
  | { readonly table: 'AK'; readonly keyHash: Hash }
  | { readonly table: 'CUR' };

/**
 * The parts of a whole key. Throws `InvariantError` for bytes that no function of keys.ts makes: the store
 * checks what it reads, so that only a defect can have put them there.
 */
export function parseKey(key: Uint8Array): ParsedKey {
  const reader = new KeyReader(key);
  const parsed = readParts(reader);
  if (parsed !== undefined && reader.isComplete) return parsed;
  throw new InvariantError(`the store holds a key that nothing writes: ${toHex(key)}`);
}

/** The fields of each literal are read in the order in which they are written. */
function readParts(reader: KeyReader): ParsedKey | undefined {
  const table = reader.table();
  switch (table) {
    case 'H':
      return { table, hash: reader.hash() };
    case 'S':
      return { table, subject: reader.text(), hash: reader.hash() };
    case 'SP':
      return { table, subject: reader.text(), predicate: reader.text(), hash: reader.hash() };
    case 'V':
      return { table, assertionHash: reader.hash(), hash: reader.hash() };
    case 'VC':
    case 'VW':
      return { table, assertionHash: reader.hash() };
    case 'MV':
      return { table, subject: reader.text(), predicate: reader.text(), lens: reader.text() };
    case 'MD':
      return { table, subject: reader.text(), predicate: reader.text() };
    case 'AU':
      return { table, queryId: reader.text() };
    case 'AA':
      return { table, agentId: reader.hash(), timestamp: reader.u64(), queryId: reader.text() };
    case 'QR':
      return { table, offset: reader.u64() };
    case 'QT':
      return { table, apiKey: reader.text(), window: reader.u64() };
    case 'AK':
      return { table, keyHash: reader.hash() };
    case 'CUR':
      return { table };
    default:
      return undefined;
  }
}
