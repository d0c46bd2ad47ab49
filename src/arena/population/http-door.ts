import { toHex } from '../../crypto/index.ts';
import {
  type AnswerJson,
  ApiError,
  millionthsOfDecimal,
  type StemeClient,
  UnreachableError,
} from '../../engine/api/index.ts';
import { assertionFromJson, assertionToJson, voteToJson } from '../../engine/index.ts';
import type { PlainResolution } from '../../check/index.ts';
import type { Door, Reply } from './door.ts';

/** Statuses of a server that cannot just now, or that has had enough of us. */
const notNow: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Over the network, as everybody else does, with a client that tries again. `isDamaged` says whether files of the
 * server are damaged, so that it may say so.
 */
export function httpDoor(client: StemeClient, isDamaged: () => boolean): Door {
  const options = (isIngested: boolean): { readonly wait?: 'ingested' } =>
    isIngested ? { wait: 'ingested' } : {};
  return {
    retries: true,
    submit: async (assertion, isIngested) =>
      (await client.submit(assertionToJson(assertion), options(isIngested))).endOffset,
    vote: async (vote, isIngested) => (await client.vote(voteToJson(vote), options(isIngested))).endOffset,
    async get(hash) {
      const found = await client.get(toHex(hash));
      return found && assertionFromJson(found);
    },
    async query({ subject, predicate, lens, lifecycle, asOf, maxStaleMs, agentId }) {
      const answer = await client.query({
        subject,
        predicate,
        lens,
        ...(lifecycle && { lifecycle }),
        ...(asOf !== undefined && { asOf }),
        ...(maxStaleMs !== undefined && { maxStale: maxStaleMs }),
        agentId: toHex(agentId),
      });
      return replyOf(answer);
    },
    isUnanswered: (error) =>
      error instanceof UnreachableError ||
      (error instanceof ApiError &&
        (error.indeterminate ||
          notNow.has(error.status) ||
          (error.code.endsWith('_CORRUPT') && isDamaged()))),
  };
}

function replyOf({ queryId, resolution, throughOffset, audited, view }: AnswerJson): Reply {
  return {
    queryId,
    resolution: plainResolution(resolution),
    throughOffset,
    audited,
    materializedAtMs: view?.materializedAt,
  };
}

function plainResolution({ winner, ranked, ...rest }: AnswerJson['resolution']): PlainResolution {
  return {
    ...rest,
    winner,
    ranked: ranked.map(({ hash, lifecycle, timestamp, weight, supporters, share }) => ({
      hash,
      lifecycle,
      timestamp,
      weightMillionths: millionthsOfDecimal(weight),
      supporters,
      share,
    })),
  };
}
