import { OpenAPIHono } from '@hono/zod-openapi';
import type { ErrorCode } from '../errors.ts';
import { type Operation, problemStatuses } from './operation.ts';
import { operations } from './operations.ts';
import { problemSchema } from './schemas.ts';
import { PROBLEM_TITLES, type ProblemStatus, STATUS_OF_CODE } from './status.ts';

const description = `A database of signed claims. Agents sign assertions; conflicting ones are kept side by side, and
resolved through a lens when somebody asks.

Every refusal and every failure is an \`application/problem+json\` with a stable \`code\`. A failed write whose
problem says \`indeterminate\` may have taken effect; to send a claim or a vote again is always safe.

Any answer may be \`HEAD\`, and any path can be asked for its methods with \`OPTIONS\`; other methods are 405.`;

/** The OpenAPI 3.1 document, made from what the operations are routed by. */
export function openApiDocument(): object {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key: steme_ and 64 hexadecimal digits.',
  });
  for (const operation of Object.values(operations)) registry.registerPath(routeConfigOf(operation));
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'StemeDB', version: '1', description, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
  });
}

type RouteConfig = Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0];

function routeConfigOf(operation: Operation): RouteConfig {
  const { id, method, path, summary, permissions, pathParameters, query, body } = operation;
  const needs =
    permissions === 'public' ? 'Needs no key.' : `Needs permission to ${permissions.join(' or ')}.`;
  return {
    operationId: id,
    method,
    path,
    summary,
    description: [operation.description, needs, `Costs ${operation.cost}.`].filter(Boolean).join(' '),
    security: permissions === 'public' ? [] : [{ apiKey: [] }],
    request: {
      ...(pathParameters && { params: pathParameters }),
      ...(query && { query }),
      ...(body && { body: { required: true, content: { 'application/json': { schema: body } } } }),
    },
    responses: { ...successesOf(operation), ...problemsOf(operation) },
  };
}

function successesOf({ successes, mediaType }: Operation): RouteConfig['responses'] {
  return Object.fromEntries(
    successes.map(({ status, description, schema, headers }) => [
      status,
      {
        description,
        ...(headers && { headers: headersOf(headers) }),
        ...(schema && { content: { [mediaType]: { schema } } }),
      },
    ]),
  );
}

function problemsOf(operation: Operation): RouteConfig['responses'] {
  return Object.fromEntries(
    problemStatuses(operation).map((status) => {
      const headers = HEADERS[status];
      return [
        status,
        {
          description: `${PROBLEM_TITLES[status]}: ${codesOf(status).join(', ')}.`,
          ...(headers && { headers: headersOf(headers) }),
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      ];
    }),
  );
}

const HEADERS: { readonly [Status in ProblemStatus]?: Readonly<Record<string, string>> } = {
  401: { 'WWW-Authenticate': 'Bearer.' },
  429: { 'Retry-After': 'Seconds after which it may succeed.' },
  503: { 'Retry-After': 'There when it is known.' },
};

function headersOf(headers: Readonly<Record<string, string>>) {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, description]) => [name, { description, schema: { type: 'string' as const } }]),
  );
}

function codesOf(status: ProblemStatus): readonly ErrorCode[] {
  const codes = Object.keys(STATUS_OF_CODE) as ErrorCode[];
  return codes.filter((code) => STATUS_OF_CODE[code] === status);
}
