import { toHex } from '../../crypto/index.ts';
import type { ApiKey } from '../access/index.ts';
import type { QueryAudit } from '../audit/index.ts';
import type { QuarantinedRecord } from '../ingest/index.ts';
import type { Resolution, VoteTally } from '../lens/index.ts';
import { type Assertion, assertionToJson, type Hash } from '../model/index.ts';
import type { Answer, ListedClaim, Page } from '../query/types.ts';
import type { Receipt } from '../stemedb.ts';
import type {
  AnswerJson,
  ApiKeyJson,
  AssertionOutput,
  AuditJson,
  ListedClaimJson,
  QuarantinedJson,
  ReceiptJson,
  ResolutionJson,
  TallyJson,
} from './schemas.ts';
import { decimalOfMillionths } from './weight-json.ts';

/* What the database answers, as JSON: hashes in hex, sums of weights as decimals, what is absent left out. */

/** `assertionToJson` never writes the short form of an object. */
export function assertionOutput(assertion: Assertion): AssertionOutput {
  return assertionToJson(assertion) as AssertionOutput;
}

export function receiptToJson({ hash, offset, endOffset }: Receipt): ReceiptJson {
  return { hash: toHex(hash), offset, endOffset };
}

export function tallyToJson(assertionHash: Hash, votes: VoteTally): TallyJson {
  return { assertionHash: toHex(assertionHash), ...votesToJson(votes) };
}

export function listedClaimToJson({ hash, assertion, votes }: ListedClaim): ListedClaimJson {
  return { hash: toHex(hash), assertion: assertionOutput(assertion), votes: votesToJson(votes) };
}

export function answerToJson(answer: Answer): AnswerJson {
  const { queryId, lens, resolution, winner, throughOffset, view, audited } = answer;
  return {
    queryId,
    lens,
    resolution: resolutionToJson(resolution),
    ...(winner && { winner: assertionOutput(winner) }),
    throughOffset,
    ...(view && { view: { materializedAt: view.materializedAtMs } }),
    audited,
  };
}

export function auditToJson(audit: QueryAudit): AuditJson {
  const { subject, predicate, lens, lifecycle, asOf, maxStaleMs } = audit.query;
  return {
    queryId: audit.queryId,
    ...(audit.agentId && { agentId: toHex(audit.agentId) }),
    timestamp: audit.timestamp,
    query: { subject, predicate, lens, lifecycle, asOf, maxStale: maxStaleMs },
    ...(audit.resultHash && { resultHash: toHex(audit.resultHash) }),
    resultConfidence: audit.resultConfidence,
    candidatesCount: audit.candidatesCount,
    contributing: audit.contributing.map(({ hash, weightMillionths, lifecycle }) => ({
      hash: toHex(hash),
      weight: decimalOfMillionths(weightMillionths),
      lifecycle,
    })),
  };
}

export function quarantinedToJson({ offset, code, body }: QuarantinedRecord): QuarantinedJson {
  return { offset, code, body: toHex(body) };
}

export function apiKeyToJson(key: ApiKey): ApiKeyJson {
  const { roles, agents } = key;
  return { ...key, roles: [...roles], agents: agents === 'any' ? agents : [...agents] };
}

export function pageToJson<Item, Json>(
  { items, next }: Page<Item>,
  toJson: (item: Item) => Json,
): { items: Json[]; next?: string | undefined } {
  return { items: items.map((item) => toJson(item)), next };
}

function resolutionToJson(resolution: Resolution): ResolutionJson {
  const { winner, candidatesCount, resolutionConfidence, conflictScore, agreement } = resolution;
  return {
    ...(winner && { winner: toHex(winner) }),
    candidatesCount,
    resolutionConfidence,
    conflictScore,
    agreement,
    ranked: resolution.ranked.map(({ hash, lifecycle, timestamp, weightMillionths, supporters, share }) => ({
      hash: toHex(hash),
      lifecycle,
      timestamp,
      weight: decimalOfMillionths(weightMillionths),
      supporters,
      share,
    })),
  };
}

function votesToJson({ count, weightMillionths }: VoteTally): { count: number; weight: string } {
  return { count, weight: decimalOfMillionths(weightMillionths) };
}
