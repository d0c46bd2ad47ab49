import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nodeSignatures, toHex } from '../../src/crypto/index.ts';
import { StemeClient } from '../../src/engine/api/index.ts';
import { hostPorts } from '../../src/host/index.ts';
import { tycheiStream } from '../../src/sim/index.ts';
import { checkByVerify } from '../kill/check.ts';
import { Served } from './served.ts';
import { type Activity, type Promised, type Random, User } from './user.ts';

export interface SoakOptions {
  /** The package's own folder, with a slash at the end. */
  readonly root: URL;
  /** Where the database is made. */
  readonly directory: string;
  readonly users: number;
  readonly durationMs: number;
  /** The longest time between the start of a server and its end. */
  readonly lifeMsMax: number;
  readonly seed: string;
  readonly onKill?: (line: string) => void;
}

/** What came of it. */
export interface SoakSummary {
  readonly kills: number;
  readonly claims: number;
  readonly votes: number;
  readonly reads: number;
  readonly unanswered: number;
  readonly complaints: readonly string[];
}

/** Of four lives of a server, one is so short that it ends while it starts. */
const earlyMsMax = 400;

/** Nobody is held back: what is tried here is what is kept. */
const unlimited = {
  quotaPerHour: Number.MAX_SAFE_INTEGER,
  bucket: { capacity: 1_000_000_000, refillPerSecond: 1_000_000_000 },
};

/**
 * Lets users claim, vote and ask over HTTP, each one thing after the other, while the server is killed and
 * started again; then looks whether everything that was acknowledged is there. The seed decides what users
 * do and when to kill; what that hits is for the machine to say.
 */
export async function soak(options: SoakOptions): Promise<SoakSummary> {
  const { root, directory, durationMs, lifeMsMax, seed, onKill = () => undefined } = options;
  const bin = fileURLToPath(new URL('bin/stemedb', root));
  const promised: Promised = { claims: new Set(), votes: new Map() };
  const activity: Activity = { reads: 0, unanswered: 0, complaints: [] };
  const random = tycheiStream(seed);

  let server = new Served(bin, directory, 0);
  const url = await server.ready();
  const port = Number(new URL(url).port);
  const admin = server.firstKey;
  if (admin === undefined) throw new Error('stemedb serve has made no key for a new database');
  const users = await makeUsers(options, url, admin, promised, activity);

  const endMs = performance.now() + durationMs;
  let isOver = false;
  const acting = Promise.all(users.map((user) => user.actUntil(() => isOver)));
  let kills = 0;
  while (performance.now() < endMs && activity.complaints.length === 0) {
    const lifeMs = random.below(4) === 0 ? random.below(earlyMsMax) : random.below(lifeMsMax);
    await delay(Math.min(lifeMs, Math.max(0, endMs - performance.now())));
    await server.kill();
    kills += 1;
    onKill(`kill ${kills}: ${promised.claims.size} claims acknowledged`);
    server = new Served(bin, directory, port);
  }
  await server.ready();
  isOver = true;
  await acting;
  await checkPromises(clientOf(url, admin), promised, activity);
  const exitCode = await server.stop();
  if (exitCode !== 0) activity.complaints.push(`stemedb serve was stopped, and ended with ${exitCode}`);
  const votes = [...promised.votes.values()].reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  return {
    kills,
    claims: promised.claims.size,
    votes,
    reads: activity.reads,
    unanswered: activity.unanswered,
    complaints: [...activity.complaints, ...(await checkByVerify(bin, directory))],
  };
}

export function clientOf(url: string, key: string): StemeClient {
  // A user who finds nobody soon tries something else: the server may be dead for longer than anybody waits.
  const retries = { attemptsMax: 20, backoffMs: 50, backoffMsMax: 250 };
  return new StemeClient({
    fetch: (request) => fetch(request),
    baseUrl: url,
    key,
    ports: hostPorts(),
    retries,
  });
}

/** Each with a key that speaks for him alone. */
async function makeUsers(
  { users, seed }: SoakOptions,
  url: string,
  admin: string,
  promised: Promised,
  activity: Activity,
): Promise<User[]> {
  const client = clientOf(url, admin);
  const ports = hostPorts();
  return Promise.all(
    Array.from({ length: users }, async (_, nth) => {
      const secretKey = ports.entropy.bytes(32);
      const agents = [toHex(nodeSignatures.publicKey(secretKey))];
      const { key } = await client.createKey({
        name: `user ${nth}`,
        roles: ['writer'],
        agents,
        ...unlimited,
      });
      const random: Random = tycheiStream(`${seed} user ${nth}`);
      return new User(clientOf(url, key), secretKey, random, promised, activity);
    }),
  );
}

/** Asks for everything that was acknowledged, once all that is durable can be read. */
export async function checkPromises(
  client: StemeClient,
  { claims, votes }: Promised,
  { complaints }: Activity,
): Promise<void> {
  for (;;) {
    const { durableOffset, ingestedOffset } = await client.health();
    if (ingestedOffset >= durableOffset) break;
    await delay(50);
  }
  const lost: string[] = [];
  await inParallel([...claims], async (hash) => {
    if ((await client.get(hash)) === undefined) lost.push(hash);
  });
  if (lost.length > 0)
    complaints.push(`${lost.length} acknowledged claims are lost, the first is ${lost[0]}`);
  await inParallel([...votes], async ([hash, { acknowledged, sent }]) => {
    const { count, weight } = await client.tally(hash);
    if (count < acknowledged || count > sent || weight !== String(count)) {
      complaints.push(
        `claim ${hash} has ${count} votes of weight ${weight}; ${acknowledged} were acknowledged, ${sent} sent`,
      );
    }
  });
}

async function inParallel<T>(items: readonly T[], body: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await body(item);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
