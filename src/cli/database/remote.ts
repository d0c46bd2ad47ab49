import { StemeClient } from '../../engine/api/index.ts';
import { hostPorts } from '../../host/index.ts';
import { UsageError } from '../usage-error.ts';
import type { Which } from './command-options.ts';

/** Which database: one on this machine that nobody serves, or one that is served somewhere. */
export type DatabasePlace =
  | { readonly kind: 'local'; readonly data: string }
  | { readonly kind: 'served'; readonly client: StemeClient };

/** Where an API key may be, too: a command line can be read by everybody on the machine. */
const keyVariable = 'STEMEDB_KEY';

/** Throws `UsageError` unless it is exactly one. */
export function placeOf({ data, url, key }: Which): DatabasePlace {
  if (data !== undefined && url === undefined) {
    if (key !== undefined) throw new UsageError('--key goes with --url: a directory needs none.');
    return { kind: 'local', data };
  }
  if (url === undefined || data !== undefined) {
    throw new UsageError('Say which database: either --data DIR or --url URL.');
  }
  return { kind: 'served', client: clientOf(url, key ?? process.env[keyVariable]) };
}

function clientOf(url: string, key: string | undefined): StemeClient {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`--url takes an address such as http://127.0.0.1:8080, not "${url}".`);
  }
  return new StemeClient({
    fetch: (request) => fetch(request),
    baseUrl: url.replace(/\/+$/, ''),
    ...(key !== undefined && { key }),
    ports: hostPorts(),
    retries: { attemptsMax: 10 },
  });
}
