import { createApi, operationIdOf } from '../../engine/api/index.ts';
import type { Access } from '../../engine/access/index.ts';
import { StemeDB } from '../../engine/index.ts';
import { hostPorts, HostTelemetry } from '../../host/index.ts';
import { HttpServer, MeteredTelemetry, problemResponse } from '../../host/serving/index.ts';
import { durationMs, UsageError } from '../usage-error.ts';
import type { ServeArguments } from './serving-commands.ts';
import { newOrExistingDatabase, withLock } from './data-directory.ts';
import { gaugesOf } from './gauges.ts';
import { Interruption } from './interruption.ts';
import { counted, tell } from './text.ts';

/** Serves a database until it is stopped. Returns the exit code. */
export async function serve(args: ServeArguments): Promise<number> {
  const stopWithinMs = durationMs('stop-within', args['stop-within']);
  if (!Number.isInteger(args.port) || args.port < 0 || args.port > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, not "${args.port}".`);
  }
  const directory = await newOrExistingDatabase(args.data);
  const interruption = new Interruption();
  try {
    return await withLock(directory, () => serveLocked(directory, args, stopWithinMs, interruption));
  } finally {
    interruption.end();
  }
}

type Handler = (request: Request) => Response | Promise<Response>;

async function serveLocked(
  directory: string,
  { host, port, cors, data }: ServeArguments,
  stopWithinMs: number,
  interruption: Interruption,
): Promise<number> {
  const telemetry = new MeteredTelemetry(new HostTelemetry());
  let handler: Handler = refuseEarly;
  // First of all: a port that is taken is found before anything is written, and who asks early is told to wait.
  const server = await HttpServer.listen({
    hostname: host,
    port,
    fetch: (request) => handler(request),
    operationOf: operationIdOf,
    onAnswered: (answered) => telemetry.answered(answered),
    onDefect: (error) =>
      telemetry.log('error', 'http.defect', {
        reason: error instanceof Error ? error.message : String(error),
      }),
  });
  try {
    const ports = hostPorts({ telemetry });
    const db = await StemeDB.open(ports, { directory });
    try {
      gaugesOf(db, telemetry);
      const { fetch } = createApi({
        database: db,
        access: db.access,
        ports,
        corsOrigins: cors.includes('*') ? '*' : cors,
        metricsText: () => telemetry.text(),
      });
      await makeFirstKey(db.access);
      handler = fetch;
      process.stdout.write(`serving ${data} at ${server.url}\n`);
      await interruption.requested();
      tell('stopping: what was asked is answered first; once more stops at once');
      const cutOff = await server.stop(stopWithinMs);
      if (cutOff > 0) tell(`${counted(cutOff, 'request')} took too long, and had no answer`);
    } catch (error) {
      await db.close().catch(() => undefined);
      throw error;
    }
    await db.close();
    return 0;
  } finally {
    await server.stop(0);
  }
}

/** What is asked while the database is still being opened. */
function refuseEarly(): Response {
  const response = problemResponse(
    503,
    'STEME_NOT_READY',
    'The database is being opened. Try again in a moment.',
  );
  response.headers.set('Retry-After', '1');
  return response;
}

/** Without any key nobody could ever ask for one. It is in clear here only. */
async function makeFirstKey(access: Access): Promise<void> {
  const { items } = await access.list({ limit: 1 });
  if (items.length > 0) return;
  const { key, record } = await access.create({ name: 'first', roles: ['admin'], agents: 'any' });
  tell(
    `there was no API key yet. This one is an admin's, and is shown only now:\n\n    ${key}\n\n` +
      'Make others with it: POST /v1/keys, or "stemedb keys create --url ... --key ...". ' +
      `Then revoke it: "stemedb keys revoke ${record.id} --url ... --key ...".`,
  );
}
