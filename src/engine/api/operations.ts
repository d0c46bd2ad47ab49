import { z } from '@hono/zod-openapi';
import type { Operation } from './operation.ts';
import * as schemas from './schemas.ts';

const JSON_TYPE = 'application/json';

const parameter = {
  hash: z.object({ hash: schemas.hashSchema }),
  assertionHash: z.object({ assertionHash: schemas.hashSchema }),
  queryId: z.object({ queryId: z.string().min(1) }),
  keyId: z.object({ id: z.string().min(1) }),
};

const timestamp = (description: string) =>
  z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional().openapi({ description });

const filter = {
  lifecycle: schemas.lifecycleSchema.optional().openapi({ description: 'Only claims of this lifecycle.' }),
  asOf: timestamp('Only claims and votes whose own timestamp is at most this, in milliseconds since 1970.'),
};

const asker = {
  agentId: schemas.agentIdSchema.optional().openapi({
    description:
      'Who asks, for the audit: one that the key may speak for. By default its only agent, if it has one only.',
  }),
};

const page = {
  limit: z.int().min(1).max(1000).optional().openapi({ description: 'Items at most; 100 by default.' }),
  after: z.string().optional().openapi({ description: '"next" of the page before.' }),
};

const wait = {
  wait: z
    .enum(['ingested'])
    .optional()
    .openapi({ description: 'Answer when it can be read, not as soon as it is durable.' }),
};

const written = [
  {
    status: 201,
    description: 'It is durable, and with wait=ingested it can be read.',
    schema: schemas.receiptSchema,
    headers: { Location: 'Where it can be read.' },
  },
  {
    status: 202,
    description: 'Only with wait=ingested: it is durable, and cannot be read yet.',
    schema: schemas.receiptSchema,
    headers: { Location: 'Where it will be.' },
  },
] as const;

const defaults = {
  permissions: ['read'],
  cost: 1,
  idempotent: true,
  writes: false,
  mediaType: JSON_TYPE,
} as const;

/** Everything that the API can do. */
export const operations = {
  submitAssertion: {
    ...defaults,
    id: 'submitAssertion',
    method: 'post',
    path: '/v1/assertions',
    summary: 'Make a signed claim',
    description:
      'The key must be allowed to speak for every agent that signs. The same content again is the same claim, ' +
      'so that it is safe to send it again when there was no answer, or one that was indeterminate.',
    permissions: ['write'],
    cost: 10,
    query: z.object(wait),
    body: schemas.assertionInputSchema,
    successes: written,
    refusals: [409],
    writes: true,
  },
  getAssertion: {
    ...defaults,
    id: 'getAssertion',
    method: 'get',
    path: '/v1/assertions/{hash}',
    summary: 'Read a claim',
    pathParameters: parameter.hash,
    successes: [{ status: 200, description: 'The claim.', schema: schemas.assertionSchema }],
    refusals: [404, 422],
  },
  listAssertions: {
    ...defaults,
    id: 'listAssertions',
    method: 'get',
    path: '/v1/assertions',
    summary: 'List what is claimed about a subject, with the votes, in the order of the hashes',
    cost: 5,
    query: z.object({
      subject: schemas.nameSchema,
      predicate: schemas.nameSchema.optional(),
      ...filter,
      ...page,
    }),
    successes: [{ status: 200, description: 'A page of claims.', schema: schemas.claimPageSchema }],
    refusals: [422],
  },
  castVote: {
    ...defaults,
    id: 'castVote',
    method: 'post',
    path: '/v1/votes',
    summary: 'Back a claim with a weight',
    description:
      'The assertion need not be here yet. The same vote again counts once, so that it is safe to send it again.',
    permissions: ['write'],
    query: z.object(wait),
    body: schemas.voteInputSchema,
    successes: written,
    refusals: [409],
    writes: true,
  },
  getTally: {
    ...defaults,
    id: 'getTally',
    method: 'get',
    path: '/v1/votes/{assertionHash}',
    summary: 'Count the votes on a claim; of a claim that is not here there are none',
    pathParameters: parameter.assertionHash,
    successes: [{ status: 200, description: 'Count and weight.', schema: schemas.tallySchema }],
    refusals: [422],
  },
  query: {
    ...defaults,
    id: 'query',
    method: 'get',
    path: '/v1/query',
    summary: 'Resolve what is claimed about a subject and a predicate through a lens',
    cost: 5,
    query: z.object({
      subject: schemas.nameSchema,
      predicate: schemas.nameSchema,
      lens: z.string().openapi({ description: 'The name of a lens.' }),
      ...filter,
      maxStale: timestamp(
        'How many milliseconds behind a view may be that answers. 0: none. By default any.',
      ),
      ...asker,
    }),
    successes: [{ status: 200, description: 'The answer.', schema: schemas.answerSchema }],
    refusals: [422],
  },
  skeptic: {
    ...defaults,
    id: 'skeptic',
    method: 'get',
    path: '/v1/skeptic',
    summary: 'Ask how contested a subject and a predicate are, naming no winner',
    cost: 5,
    query: z.object({ subject: schemas.nameSchema, predicate: schemas.nameSchema, ...filter, ...asker }),
    successes: [{ status: 200, description: 'The answer.', schema: schemas.answerSchema }],
    refusals: [422],
  },
  getAudit: {
    ...defaults,
    id: 'getAudit',
    method: 'get',
    path: '/v1/audit/{queryId}',
    summary: 'Read what a query left behind',
    description: 'Who may not inspect sees only the queries of agents that the key may speak for.',
    permissions: ['read', 'inspect'],
    pathParameters: parameter.queryId,
    successes: [{ status: 200, description: 'The audit record.', schema: schemas.auditSchema }],
    refusals: [404, 422],
  },
  listQuarantine: {
    ...defaults,
    id: 'listQuarantine',
    method: 'get',
    path: '/v1/quarantine',
    summary: 'List records of the log that could not be ingested',
    permissions: ['inspect'],
    query: z.object(page),
    successes: [{ status: 200, description: 'A page of records.', schema: schemas.quarantinePageSchema }],
  },
  listKeys: {
    ...defaults,
    id: 'listKeys',
    method: 'get',
    path: '/v1/keys',
    summary: 'List the API keys, revoked ones included',
    permissions: ['manage'],
    query: z.object(page),
    successes: [{ status: 200, description: 'A page of keys.', schema: schemas.keyPageSchema }],
  },
  createKey: {
    ...defaults,
    id: 'createKey',
    method: 'post',
    path: '/v1/keys',
    summary: 'Make an API key',
    description: 'Not to be sent again blindly: each time makes another key.',
    permissions: ['manage'],
    body: schemas.apiKeyInputSchema,
    successes: [
      {
        status: 201,
        description: 'The key, in clear this once.',
        schema: schemas.issuedKeySchema,
      },
    ],
    idempotent: false,
    writes: true,
  },
  revokeKey: {
    ...defaults,
    id: 'revokeKey',
    method: 'delete',
    path: '/v1/keys/{id}',
    summary: 'Revoke an API key for good',
    permissions: ['manage'],
    pathParameters: parameter.keyId,
    successes: [{ status: 204, description: 'It is revoked, or was.' }],
    refusals: [404],
    writes: true,
  },
  health: {
    ...defaults,
    id: 'health',
    method: 'get',
    path: '/v1/health',
    summary: 'Ask whether the server is alive (any answer) and ready (200)',
    permissions: 'public',
    cost: 0,
    successes: [{ status: 200, description: 'It serves.', schema: schemas.healthSchema }],
  },
  metrics: {
    ...defaults,
    id: 'metrics',
    method: 'get',
    path: '/v1/metrics',
    summary: 'Read what the server measures, as Prometheus text 0.0.4',
    permissions: ['inspect'],
    mediaType: 'text/plain',
    successes: [{ status: 200, description: 'One metric a line.', schema: z.string() }],
  },
  openapi: {
    ...defaults,
    id: 'openapi',
    method: 'get',
    path: '/openapi.json',
    summary: 'Read this document',
    permissions: 'public',
    cost: 0,
    successes: [{ status: 200, description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) }],
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof operations;
