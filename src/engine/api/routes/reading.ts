import { type ApiKey, isPermitted, maySpeakFor } from '../../access/index.ts';
import { fromHex } from '../../../crypto/index.ts';
import { type AgentId, contentFromJson, ValidationError } from '../../model/index.ts';
import type { ClaimFilter, PageOptions, Query } from '../../query/types.ts';
import type { QueryAudit } from '../../audit/index.ts';
import {
  answerToJson,
  assertionOutput,
  auditToJson,
  listedClaimToJson,
  pageToJson,
  quarantinedToJson,
  tallyToJson,
} from '../json.ts';
import { operations } from '../operations.ts';
import { agentIdOf, hashOf, type Parameters } from '../parameters.ts';
import { RequestError } from '../request-error.ts';
import { type Exchange, ok, type Route, type RouteContext } from '../route.ts';

/** Claims, votes, answers, audits and the quarantine. */
export function readingRoutes({ database, access }: RouteContext): readonly Route[] {
  return [
    {
      operation: operations.getAssertion,
      judge: (exchange) => {
        const hash = hashOf('hash', exchange.path('hash'));
        return async () => {
          const assertion = await database.get(hash);
          if (assertion === undefined) throw notFound('No claim with this hash has been ingested (yet).');
          return ok(assertionOutput(assertion));
        };
      },
    },
    {
      operation: operations.listAssertions,
      judge: ({ parameters }) => {
        const filter = readFilter(parameters, parameters.optional('predicate'));
        const page = readPage(parameters);
        return async () => ok(pageToJson(await database.list(filter, page), listedClaimToJson));
      },
    },
    {
      operation: operations.getTally,
      judge: (exchange) => {
        const hash = hashOf('assertionHash', exchange.path('assertionHash'));
        return async () => ok(tallyToJson(hash, await database.tally(hash)));
      },
    },
    {
      operation: operations.query,
      judge: (exchange) => {
        const { parameters } = exchange;
        const maxStaleMs = parameters.integer('maxStale', 0);
        const query = { ...readQuestion(exchange), lens: parameters.text('lens'), maxStaleMs };
        return async () => ok(answerToJson(await database.query(query)));
      },
    },
    {
      operation: operations.skeptic,
      judge: (exchange) => {
        const query = { ...readQuestion(exchange), lens: 'skeptic' };
        return async () => ok(answerToJson(await database.query(query)));
      },
    },
    {
      operation: operations.getAudit,
      judge: (exchange) => {
        const queryId = exchange.path('queryId');
        return async () => {
          const audit = await database.audit(queryId);
          // Whose it is not need not know that it is there.
          if (audit === undefined || !maySee(exchange.key, audit)) {
            throw notFound('No query with this id, or none of an agent that this key may speak for.');
          }
          return ok(auditToJson(audit));
        };
      },
    },
    {
      operation: operations.listQuarantine,
      judge: ({ parameters }) => {
        const page = readPage(parameters);
        return async () => ok(pageToJson(await database.quarantined(page), quarantinedToJson));
      },
    },
  ];

  function readQuestion({ parameters, key }: Exchange): Omit<Query, 'lens'> {
    const predicate = parameters.text('predicate');
    return { ...readFilter(parameters, predicate), predicate, agentId: readAsker(parameters, key) };
  }

  function readAsker(parameters: Parameters, key: ApiKey): AgentId | undefined {
    const text = parameters.optional('agentId');
    if (text === undefined) {
      const only = key.agents !== 'any' && key.agents.length === 1 ? key.agents[0] : undefined;
      return only === undefined ? undefined : fromHex(only);
    }
    const agentId = agentIdOf('agentId', text);
    access.requireAgents(key, [agentId]);
    return agentId;
  }
}

/** Judged by the model, as if it were claimed: a question that no claim can answer has the code of such a claim. */
function readFilter(parameters: Parameters, predicate: string | undefined): ClaimFilter {
  const subject = parameters.text('subject');
  const lifecycle = parameters.optional('lifecycle');
  const asOf = parameters.integer('asOf', 0);
  try {
    const { lifecycle: known } = contentFromJson({
      subject,
      predicate: predicate ?? 'any',
      object: true,
      confidence: 0,
      timestamp: asOf ?? 0,
      ...(lifecycle !== undefined && { lifecycle }),
    });
    return { subject, predicate, lifecycle: lifecycle === undefined ? undefined : known, asOf };
  } catch (error) {
    const isOfTime = error instanceof ValidationError && error.field === 'timestamp';
    throw isOfTime ? new ValidationError(error.code, 'asOf') : error;
  }
}

/** The database judges `after`, which is its own. */
export function readPage(parameters: Parameters): PageOptions {
  return { limit: parameters.integer('limit', 1, 1000), after: parameters.optional('after') };
}

function maySee(key: ApiKey, { agentId }: QueryAudit): boolean {
  if (isPermitted(key.roles, 'inspect')) return true;
  return agentId !== undefined && maySpeakFor(key, agentId);
}

function notFound(message: string): RequestError {
  return new RequestError('STEME_NOT_FOUND', message);
}
