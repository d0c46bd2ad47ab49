import { toHex } from '../../crypto/index.ts';
import { type AskedQuery, decodeAudit } from '../audit/index.ts';
import { StemeError } from '../errors.ts';
import { compareBytes } from '../kv/bytes.ts';
import type { KeyValueReader } from '../kv/index.ts';
import { lenses } from '../lens/index.ts';
import { agentAuditKey, auditKey, dirtyKey } from '../model/index.ts';
import { resolve } from '../resolve/index.ts';
import { decodeView, encodeView, type View } from '../views/index.ts';

const memoryBytesMax = 64 * 1024 * 1024;

/** A view that is not behind says what its lens says now; of one that is behind nothing is asked. */
export async function examineView(
  store: KeyValueReader,
  { subject, predicate, lens: name }: AskedQuery,
  bytes: Uint8Array,
): Promise<string[]> {
  const what = `the view of lens "${name}" on ${JSON.stringify(subject)} ${JSON.stringify(predicate)}`;
  const view = parsedView(bytes);
  if (view === undefined) return [`${what} cannot be read`];
  const lens = lenses.get(name);
  if (lens === undefined || (await store.get(dirtyKey(subject, predicate))) !== undefined) return [];
  const options = { rankedMax: view.resolution.ranked.length, memoryBytesMax };
  try {
    const [resolution] = await resolve(store, { subject, predicate }, [lens], options);
    const now = encodeView({ ...view, resolution: resolution! });
    return compareBytes(now, encodeView(view)) === 0 ? [] : [`${what} is not what the claims say`];
  } catch (error) {
    // It may be more than this tool may hold; and what is wrong with the claims is reported where they stand.
    if (error instanceof StemeError) return [];
    throw error;
  }
}

/** A record of a query can be read, and is found by who asked. */
export async function examineAudit(
  store: KeyValueReader,
  queryId: string,
  bytes: Uint8Array,
): Promise<string[]> {
  const what = `the record of query ${queryId}`;
  try {
    const { agentId, timestamp } = decodeAudit(queryId, bytes);
    if (agentId === undefined) return [];
    const entry = await store.get(agentAuditKey(agentId, timestamp, queryId));
    return entry === undefined ? [`${what} is missing in the index of agent ${toHex(agentId)}`] : [];
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return [`${what} cannot be read`];
  }
}

/** An entry of the index by agent names a record that is there. */
export async function examineAuditIndex(store: KeyValueReader, queryId: string): Promise<string[]> {
  const isThere = (await store.get(auditKey(queryId))) !== undefined;
  return isThere ? [] : [`the index of queries by agent names ${queryId}, which is not there`];
}

function parsedView(bytes: Uint8Array): View | undefined {
  try {
    return decodeView(bytes);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return undefined;
  }
}
