import { toHex } from '../../crypto/index.ts';
import type { AgentId, Hash, Lifecycle } from '../model/index.ts';
import { storedBytes } from '../stored-bytes.ts';

/** What was asked. */
export interface AskedQuery {
  readonly subject: string;
  readonly predicate: string;
  readonly lens: string;
  readonly lifecycle?: Lifecycle | undefined;
  readonly asOf?: number | undefined;
  readonly maxStaleMs?: number | undefined;
}

/** What was asked, what won, and among how many. */
export interface QueryAudit {
  readonly queryId: string;
  /** Who asked, where that is known. */
  readonly agentId: AgentId | undefined;
  /** Wall clock of the server, milliseconds. */
  readonly timestamp: number;
  readonly query: AskedQuery;
  /** The winner. */
  readonly resultHash: Hash | undefined;
  readonly resultConfidence: number;
  readonly candidatesCount: number;
  /** The best candidates, as the lens ranked them. */
  readonly contributing: readonly ContributingClaim[];
}

export interface ContributingClaim {
  readonly hash: Hash;
  readonly weightMillionths: bigint;
  readonly lifecycle: Lifecycle;
}

interface AuditJson extends Pick<QueryAudit, 'timestamp' | 'query' | 'resultConfidence' | 'candidatesCount'> {
  readonly agentId?: string | undefined;
  readonly resultHash?: string | undefined;
  readonly contributing: readonly {
    readonly hash: string;
    readonly weightMillionths: string;
    readonly lifecycle: Lifecycle;
  }[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** As the store keeps it under the query's id: JSON, for nothing hashes or signs it, and doubles survive. */
export function encodeAudit(audit: QueryAudit): Uint8Array {
  const { agentId, timestamp, query, resultHash, resultConfidence, candidatesCount } = audit;
  const json: AuditJson = {
    agentId: agentId && toHex(agentId),
    timestamp,
    query,
    resultHash: resultHash && toHex(resultHash),
    resultConfidence,
    candidatesCount,
    contributing: audit.contributing.map(({ hash, weightMillionths, lifecycle }) => ({
      hash: toHex(hash),
      weightMillionths: String(weightMillionths),
      lifecycle,
    })),
  };
  return encoder.encode(JSON.stringify(json));
}

/** Reads what `encodeAudit` wrote; the store has already checked that it is unchanged. */
export function decodeAudit(queryId: string, bytes: Uint8Array): QueryAudit {
  const json = JSON.parse(decoder.decode(bytes)) as AuditJson;
  return {
    ...json,
    queryId,
    agentId: json.agentId === undefined ? undefined : storedBytes(json.agentId),
    resultHash: json.resultHash === undefined ? undefined : storedBytes(json.resultHash),
    contributing: json.contributing.map(({ hash, weightMillionths, lifecycle }) => ({
      hash: storedBytes(hash),
      weightMillionths: BigInt(weightMillionths),
      lifecycle,
    })),
  };
}
