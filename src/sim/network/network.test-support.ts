import { nodeSignatures } from '../../crypto/index.ts';
import type { Ports } from '../../ports/index.ts';
import { crashProfile } from '../disk/index.ts';
import type { Machine } from '../machine/index.ts';
import { World, type WorldOptions, type WorldOutcome } from '../world.ts';
import type { FetchHandler } from './listener.ts';
import type { Link, NetworkEvent } from './network.ts';

export const url = 'http://node-1/v1/echo';

/** One server and what clients say to it. */
export interface Laboratory {
  readonly world: World;
  readonly server: Machine;
  /** How often each thing happened to a message. */
  readonly events: Partial<Record<NetworkEvent, number>>;
  /** Bodies of requests in the order in which the server saw them. */
  readonly seen: string[];
  link(client: string): Link;
  /** Starts the server anew, with another handler if one is given. */
  serve(handler?: (ports: Ports) => FetchHandler): void;
}

const options: WorldOptions = {
  choices: { kind: 'seed', seed: '1', record: true },
  strategy: 'random',
  choicesPerRun: 100,
  latency: { slow: 1, outOf: 4, microsMax: 1000 },
  stepsMax: 100_000,
  trace: true,
  signatures: nodeSignatures,
};

/** Plays `body` as the root task of a world with a server at `node-1` that echoes what it is sent. */
export async function inLaboratory(
  changes: Partial<WorldOptions>,
  body: (laboratory: Laboratory) => Promise<void>,
): Promise<WorldOutcome & Pick<Laboratory, 'events' | 'seen'>> {
  const world = new World({ ...options, ...changes });
  const events: Laboratory['events'] = {};
  const seen: string[] = [];
  world.network.onEvent((event) => {
    events[event] = (events[event] ?? 0) + 1;
  });
  const server = world.machine('node-1', crashProfile('strict'));
  const echo =
    (ports: Ports): FetchHandler =>
    async (request) => {
      const text = await request.text();
      seen.push(text);
      await ports.scheduler.yield();
      return Response.json({ method: request.method, text }, { status: 201, headers: { 'x-echo': 'yes' } });
    };
  const laboratory: Laboratory = {
    world,
    server,
    events,
    seen,
    link: (client) => world.network.link(client, 'node-1'),
    serve: (handler = echo) => {
      const process = server.boot();
      world.network.listen('node-1', process, handler(process.ports));
    },
  };
  const outcome = await world.run(async () => {
    laboratory.serve();
    await body(laboratory);
  });
  return { ...outcome, events, seen };
}

/** As `inLaboratory`; what went wrong inside, expectations included, is thrown. */
export async function expectHeld(
  changes: Partial<WorldOptions>,
  body: (laboratory: Laboratory) => Promise<void>,
): ReturnType<typeof inLaboratory> {
  const outcome = await inLaboratory(changes, body);
  if (outcome.failure !== undefined) throw outcome.failure.error;
  return outcome;
}

export function post(text: string, signal?: AbortSignal): RequestInit {
  return {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'text/plain' },
    ...(signal === undefined ? {} : { signal }),
  };
}

/** How a client that waits for so long does it: a timer on its clock that aborts a signal. */
export async function fetchWithin(
  { world }: Laboratory,
  link: Link,
  milliseconds: number,
  init: RequestInit,
): Promise<Response> {
  const controller = new AbortController();
  const timer = world.clock.timer(milliseconds);
  world.scheduler.spawn('deadline', async () => {
    if (await timer.fired) controller.abort(new Error('too late'));
  });
  try {
    return await link.fetch(new Request(url, { ...init, signal: controller.signal }));
  } finally {
    timer.cancel();
  }
}

/** `answered`, or the code of why not: what a client can tell. */
export async function outcomeOf(response: Promise<Response>): Promise<string> {
  try {
    const answer = await response;
    await answer.text();
    return 'answered';
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return cause?.code === undefined ? message : `${message}: ${cause.code}`;
  }
}
