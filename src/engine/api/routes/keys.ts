import type { NewApiKey } from '../../access/index.ts';
import { apiKeyToJson, pageToJson } from '../json.ts';
import { operations } from '../operations.ts';
import { RequestError } from '../request-error.ts';
import { ok, type Route, type RouteContext } from '../route.ts';
import { readPage } from './reading.ts';

/** API keys. */
export function keyRoutes({ access }: RouteContext): readonly Route[] {
  return [
    {
      operation: operations.listKeys,
      judge: ({ parameters }) => {
        const page = readPage(parameters);
        return async () => ok(pageToJson(await access.list(page), apiKeyToJson));
      },
    },
    {
      operation: operations.createKey,
      judge:
        ({ body, progress }) =>
        async () => {
          progress.beginWriting();
          // Of any shape: `create` judges it.
          const { key, record } = await access.create(body as NewApiKey);
          return { status: 201, json: { key, record: apiKeyToJson(record) } };
        },
    },
    {
      operation: operations.revokeKey,
      judge: (exchange) => async () => {
        exchange.progress.beginWriting();
        const revoked = await access.revoke(exchange.path('id'));
        if (revoked === undefined) throw new RequestError('STEME_NOT_FOUND', 'There is no key with this id.');
        return { status: 204 };
      },
    },
  ];
}
