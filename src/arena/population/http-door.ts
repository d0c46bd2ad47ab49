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
import { requireExcuse, type ServerWatch } from '../server-watch.ts';
import type { Door, Reply } from './door.ts';

/** What can be seen of a server by whoever judges it. */
interface WatchedServer {
  watch(): ServerWatch;
  /** Whether files of it are damaged, so that it may say so. */
  isDamaged(): boolean;
}

/**
 * Over the network, as everybody else does, with a client that tries again. A server that says that it cannot just
 * now needs an excuse; that it has had enough of us, none.
 */
export function httpDoor(client: StemeClient, server: WatchedServer): Door {
  const ask = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    const watch = server.watch();
    try {
      return await call();
    } catch (error) {
      if (error instanceof ApiError && error.status === 503) requireExcuse(watch, name, error.code);
      throw error;
    }
  };
  const options = (isIngested: boolean): { readonly wait?: 'ingested' } =>
    isIngested ? { wait: 'ingested' } : {};
  return {
    retries: true,
    submit: async (assertion, isIngested) => {
      const claim = assertionToJson(assertion);
      return (await ask('submit', () => client.submit(claim, options(isIngested)))).endOffset;
    },
    vote: async (vote, isIngested) =>
      (await ask('vote', () => client.vote(voteToJson(vote), options(isIngested)))).endOffset,
    async get(hash) {
      const found = await ask('get', () => client.get(toHex(hash)));
      return found && assertionFromJson(found);
    },
    async query({ subject, predicate, lens, lifecycle, asOf, maxStaleMs, agentId }) {
      const question = {
        subject,
        predicate,
        lens,
        ...(lifecycle && { lifecycle }),
        ...(asOf !== undefined && { asOf }),
        ...(maxStaleMs !== undefined && { maxStale: maxStaleMs }),
        agentId: toHex(agentId),
      };
      return replyOf(await ask('query', () => client.query(question)));
    },
    isUnanswered: (error) =>
      error instanceof UnreachableError ||
      (error instanceof ApiError &&
        (error.indeterminate ||
          error.status === 429 ||
          error.status === 503 ||
          (error.code.endsWith('_CORRUPT') && server.isDamaged()))),
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
