import { describe, expect, it } from 'vitest';
import { arenaRun, calm } from './arena-run.test-support.ts';
import { type ArenaContext, StemeNode } from './index.ts';

describe('an arena with a network', () => {
  it('reaches the API of a node while it serves, and is refused while it does not', async () => {
    const { failure } = await arenaRun({}, async (context) => {
      const node = startNode(context);
      const { fetch } = context.link('agent-1', 'node-1');
      expect(await codeOf(fetch(url))).toBe('ECONNREFUSED');
      await node.insist('wait', async () => undefined);
      expect(await (await fetch(url)).text()).toBe('life 1, offset 0');
      context.chaos.kill(node.machine);
      expect(await codeOf(fetch(url))).toBe('ECONNREFUSED');
      await node.insist('wait', async () => undefined);
      expect(await (await fetch(url)).text()).toBe('life 2, offset 0');
      await node.stop();
      expect(await codeOf(fetch(url))).toBe('ECONNREFUSED');
    });
    expect(failure).toBeUndefined();
  });

  it('counts and tells what the network did, until the chaos stops', async () => {
    const network = {
      delay: { outOf: 1, max: 1000, microsMax: 500 },
      dropRequest: { outOf: 1, max: 1 },
      dropResponse: { outOf: 1, max: 1 },
      duplicate: { outOf: 1, max: 1 },
      partition: { outOf: 1, max: 1, microsMax: 1000 },
      reset: { outOf: 1, max: 1 },
    };
    const { record, failure, history } = await arenaRun({ network }, async (context) => {
      const node = startNode(context);
      await node.insist('wait', async () => undefined);
      const { fetch } = context.link('agent-1', 'node-1');
      const codes: (string | undefined)[] = [];
      for (let nth = 0; nth < 4; nth++) codes.push(await codeOf(fetch(url)));
      expect(codes).toEqual([
        'UND_ERR_HEADERS_TIMEOUT',
        'UND_ERR_HEADERS_TIMEOUT',
        'UND_ERR_SOCKET',
        undefined,
      ]);
      context.chaos.stop();
      expect((await fetch(url)).status).toBe(200);
      await node.stop();
    });
    expect(failure).toBeUndefined();
    expect(record.faults).toEqual({
      'net-delay': 5,
      'net-drop-request': 1,
      'net-drop-response': 1,
      'net-duplicate': 1,
      'net-partition': 1,
      'net-partition-loss': 1,
      'net-reset': 1,
    });
    const told = history.filter(({ kind }) => kind === 'fault').map(({ actor, text }) => `${actor} ${text}`);
    expect(told).toEqual([
      'agent-1>node-1 delivers a request twice',
      'agent-1>node-1 loses a request',
      'agent-1>node-1 is cut',
      'agent-1>node-1 loses a response',
      'agent-1>node-1 breaks within a response',
    ]);
  });

  it('gets answers in the end, whatever the network does and however often the node crashes', async () => {
    const faults: Record<string, number> = {};
    for (let seed = 0; seed < 10; seed++) {
      const network = {
        delay: { outOf: 2, max: 100, microsMax: 3000 },
        dropRequest: { outOf: 8, max: 3 },
        dropResponse: { outOf: 8, max: 3 },
        duplicate: { outOf: 4, max: 5 },
        partition: { outOf: 20, max: 1, microsMax: 50_000 },
        reset: { outOf: 8, max: 3 },
        silence: { outOf: 2, max: 2 },
      };
      const crashes = { ...calm.crashes, killsMax: 4, powerLossesMax: 4 };
      const { record, failure } = await arenaRun({ network, crashes }, insistence, String(seed));
      expect(failure).toBeUndefined();
      for (const [fault, count] of Object.entries(record.faults))
        faults[fault] = (faults[fault] ?? 0) + count;
    }
    for (const fault of ['kill', 'net-drop-request', 'net-drop-response', 'net-duplicate', 'net-reset']) {
      expect(faults[fault]).toBeGreaterThan(0);
    }
  });
});

const url = 'http://node-1/v1/offset';

/** A node whose API tells the durable offset, and which life of the process this is. */
function startNode(context: ArenaContext): StemeNode {
  let lives = 0;
  const node = new StemeNode(context, {
    name: 'node-1',
    config: { directory: '/data' },
    examine: async () => 'serve',
    api: (db) => {
      const life = ++lives;
      return () => new Response(`life ${life}, offset ${db.durableOffset}`);
    },
  });
  node.start();
  return node;
}

/** Agents who ask until they are answered, each waiting for 20 ms at most. */
async function insistence(context: ArenaContext): Promise<void> {
  const node = startNode(context);
  const agents = ['agent-1', 'agent-2', 'agent-3'].map((name) =>
    context.spawn(name, async () => {
      const { fetch } = context.link(name, 'node-1');
      for (let answers = 0; answers < 10;) {
        const controller = new AbortController();
        const timer = context.clock.timer(20);
        context.spawn(`${name}-deadline`, async () => {
          if (await timer.fired) controller.abort();
        });
        try {
          await (await fetch(new Request(url, { signal: controller.signal }))).text();
          answers++;
        } catch {
          await context.clock.sleep(5);
        }
        timer.cancel();
      }
    }),
  );
  for (const agent of agents) await agent.join();
  context.chaos.stop();
  await node.stop();
}

/** Why there was no answer; `undefined` when there was one. */
async function codeOf(response: Promise<Response>): Promise<string | undefined> {
  try {
    await (await response).text();
    return undefined;
  } catch (error) {
    return ((error as Error).cause as { code?: string } | undefined)?.code;
  }
}
