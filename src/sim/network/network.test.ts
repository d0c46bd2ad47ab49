import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { strategies } from '../schedule/index.ts';
import type { WorldOutcome } from '../world.ts';
import type { NetworkFaults } from './faults.ts';
import {
  expectHeld,
  fetchWithin,
  inLaboratory,
  type Laboratory,
  outcomeOf,
  post,
  url,
} from './network.test-support.ts';

const always = { outOf: 1, max: Infinity };

/** Something of everything, for runs in which all may happen. */
const stormy: NetworkFaults = {
  delay: { outOf: 2, max: 1000, microsMax: 3000 },
  dropRequest: { outOf: 12, max: 5 },
  dropResponse: { outOf: 12, max: 5 },
  duplicate: { outOf: 6, max: 10 },
  partition: { outOf: 40, max: 2, microsMax: 20_000 },
  reset: { outOf: 12, max: 5 },
  silence: { outOf: 2, max: 1 },
};

describe('Network, calm', () => {
  it('carries method, headers, status and bodies both ways, in microtasks and under the guard', async () => {
    await expectHeld({}, async ({ link, serve }) => {
      serve(() => async (request) => {
        const sent = [...request.headers].map(([name, value]) => `${name}=${value}`);
        const body = new Uint8Array(await request.arrayBuffer());
        return new Response(body.toReversed(), {
          status: 418,
          statusText: 'Teapot',
          headers: [
            ['x-sent', `${request.method} ${new URL(request.url).search} ${sent.join(' ')}`],
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
        });
      });
      const body = new Uint8Array([0, 255, 128, 7]);
      const response = await link('agent-1').fetch(`${url}?q=1`, {
        method: 'PUT',
        body,
        headers: { 'x-mine': 'yes' },
      });
      expect([response.status, response.statusText]).toEqual([418, 'Teapot']);
      expect(response.headers.get('x-sent')).toBe('PUT ?q=1 content-length=4 x-mine=yes');
      expect(response.headers.get('content-length')).toBe('4');
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([7, 128, 255, 0]));
    });
  });

  it('serves a Hono app as it is: its errors are responses', async () => {
    await expectHeld({}, async ({ link, serve }) => {
      serve(({ clock }) => {
        const app = new Hono();
        app.post('/v1/things/:name', async (context) => {
          await clock.sleep(1);
          const { count } = await context.req.json<{ count: number }>();
          return context.json({ name: context.req.param('name'), count: count + 1 }, 201);
        });
        app.get('/v1/broken', () => {
          throw new Error('broken');
        });
        app.onError((error, context) => context.text(error.message, 500));
        return (request) => app.fetch(request);
      });
      const { fetch } = link('agent-1');
      const init = { method: 'POST', body: JSON.stringify({ count: 1 }) };
      const created = await fetch('http://node-1/v1/things/a%20b', init);
      expect([created.status, await created.json()]).toEqual([201, { name: 'a b', count: 2 }]);
      const broken = await fetch('http://node-1/v1/broken');
      expect([broken.status, await broken.text()]).toEqual([500, 'broken']);
      expect((await fetch('http://node-1/v2')).status).toBe(404);
    });
  });

  it('carries requests and responses without a body', async () => {
    await expectHeld({}, async ({ link, serve }) => {
      serve(() => (request) => new Response(null, { status: request.body === null ? 204 : 400 }));
      const response = await link('agent-1').fetch(new Request(url));
      expect([response.status, response.body]).toEqual([204, null]);
    });
  });

  for (const { name: strategy } of strategies) {
    it(`loses nothing and delivers everything once, under ${strategy}`, async () => {
      const { seen, events } = await expectHeld({ strategy }, async (laboratory) => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, nth) => said(laboratory, `agent-${nth % 4}`, `${nth}`)),
        );
        expect(answers).toEqual(Array.from({ length: 20 }, () => 'answered'));
      });
      expect(seen.toSorted((one, other) => Number(one) - Number(other))).toEqual(
        Array.from({ length: 20 }, (_, nth) => `${nth}`),
      );
      expect(events).toEqual({});
    });
  }

  it('draws nothing: a world without network faults has the tape of one without a network', async () => {
    const { tape } = await expectHeld({}, async ({ link }) => {
      await link('agent-1').fetch(url, post('hello'));
    });
    expect(Object.keys(tape!.fault)).toEqual([]);
    expect(Object.keys(tape!.schedule).filter((site) => site.includes('>'))).toEqual([]);
  });

  it('makes every arrival a step, named by the two ends', async () => {
    const { trace } = await expectHeld({}, async ({ link }) => {
      await link('agent-1').fetch(url, post('hello'));
    });
    const arrivals = trace!.steps.filter(({ resource }) => resource.includes('>'));
    expect(arrivals.map(({ operation, resource }) => `${operation} ${resource}`)).toEqual([
      'request agent-1>node-1',
      'response node-1>agent-1',
    ]);
    expect(arrivals.every(({ outcome }) => outcome !== 0)).toBe(true);
  });

  it('refuses a connection where nobody listens, or nobody does any more', async () => {
    await expectHeld({}, async (laboratory) => {
      const { world, server } = laboratory;
      expect(await outcomeOf(world.network.link('agent-1', 'node-2').fetch(url))).toBe(
        'fetch failed: ECONNREFUSED',
      );
      server.kill();
      expect(await said(laboratory, 'agent-1', 'a')).toBe('fetch failed: ECONNREFUSED');
      const process = server.boot();
      expect(await said(laboratory, 'agent-1', 'b')).toBe('fetch failed: ECONNREFUSED');
      const listener = world.network.listen('node-1', process, () => new Response());
      expect(await said(laboratory, 'agent-1', 'c')).toBe('answered');
      listener.close();
      expect(await said(laboratory, 'agent-1', 'd')).toBe('fetch failed: ECONNREFUSED');
    });
  });

  it('leaves a handler that rejects to the world: an error is a response, or a defect', async () => {
    const { failure } = await inLaboratory({}, async ({ link, serve }) => {
      serve(() => async () => {
        throw new Error('a defect');
      });
      await link('agent-1').fetch(url);
    });
    expect(failure).toMatchObject({ kind: 'unhandled', error: { message: 'a defect' } });
  });

  it('lets a server that never answers be a deadlock that says so', async () => {
    const { failure } = await inLaboratory({}, async ({ link, serve }) => {
      serve((ports) => async () => ports.scheduler.park<Response>('a lock that is never free').promise);
      await link('agent-1').fetch(url, post('hello'));
    });
    expect(failure).toMatchObject({ kind: 'stuck', error: { code: 'SIM_DEADLOCK' } });
    expect(String((failure as { error: Error }).error.message)).toContain(
      'waits for node-1 to answer POST /v1/echo',
    );
  });
});

describe('Network, when the server dies', () => {
  it('resets the connection: the client knows that it does not know', async () => {
    await expectHeld({}, async (laboratory) => {
      const { world, server, serve } = laboratory;
      serve((ports) => async () => ports.scheduler.park<Response>('the crash').promise);
      world.kernel.afterSteps(2, 'kill', () => server.kill());
      expect(await said(laboratory, 'agent-1', 'hello')).toBe('fetch failed: UND_ERR_SOCKET');
    });
  });

  it('runs nothing of the handler any more', async () => {
    let turns = 0;
    await expectHeld({}, async (laboratory) => {
      const { world, server, serve } = laboratory;
      serve((ports) => async () => {
        for (;;) {
          turns++;
          await ports.scheduler.yield();
        }
      });
      world.kernel.afterSteps(40, 'kill', () => server.powerLoss());
      await said(laboratory, 'agent-1', 'hello');
      const turnsThen = turns;
      for (let turn = 0; turn < 50; turn++) await world.scheduler.yield();
      expect(turns).toBe(turnsThen);
    });
    expect(turns).toBeGreaterThan(5);
  });

  it('may say nothing at all: who waits gives up after five minutes, as Node does', async () => {
    const outcome = await expectHeld({ network: { silence: always } }, async (laboratory) => {
      const { world, server, serve } = laboratory;
      serve((ports) => async () => ports.scheduler.park<Response>('the crash').promise);
      world.kernel.afterSteps(2, 'kill', () => server.kill());
      expect(await said(laboratory, 'agent-1', 'hello')).toBe('fetch failed: UND_ERR_HEADERS_TIMEOUT');
    });
    expect(outcome.events).toEqual({ silence: 1 });
    expect(outcome.virtualMicros).toBeGreaterThan(300e6);
  });
});

describe('Network faults', () => {
  it('drop a request: the server never sees it', async () => {
    const { seen, events } = await expectHeld({ network: { dropRequest: always } }, async (laboratory) => {
      expect(await said(laboratory, 'agent-1', 'hello')).toBe('fetch failed: UND_ERR_HEADERS_TIMEOUT');
    });
    expect(seen).toEqual([]);
    expect(events).toEqual({ dropRequest: 1 });
  });

  it('drop a response: it took effect, and nobody knows', async () => {
    const { seen, events } = await expectHeld({ network: { dropResponse: always } }, async (laboratory) => {
      expect(await said(laboratory, 'agent-1', 'hello')).toBe('fetch failed: UND_ERR_HEADERS_TIMEOUT');
    });
    expect(seen).toEqual(['hello']);
    expect(events).toEqual({ dropResponse: 1 });
  });

  it('end in time for a client with a timer of its own', async () => {
    const network = { dropResponse: { outOf: 1, max: 1 } };
    const outcome = await expectHeld({ network }, async (laboratory) => {
      const client = laboratory.link('agent-1');
      expect(await outcomeOf(fetchWithin(laboratory, client, 50, post('one')))).toBe('too late');
      expect(await outcomeOf(fetchWithin(laboratory, client, 50, post('two')))).toBe('answered');
    });
    expect(outcome.seen).toEqual(['one', 'two']);
    expect(outcome.virtualMicros).toBeLessThan(200_000);
  });

  it('leave nothing behind: a deadlock is seen at once, and names only who still waits', async () => {
    const outcome = await inLaboratory({ network: { dropRequest: always } }, async (laboratory) => {
      const { world, link } = laboratory;
      await outcomeOf(fetchWithin(laboratory, link('agent-1'), 50, post('lost')));
      await world.scheduler.park('godot').promise;
    });
    expect(outcome.failure).toMatchObject({
      kind: 'stuck',
      error: { code: 'SIM_DEADLOCK', tasks: [{ task: 'main/root', waitingFor: 'godot' }] },
    });
    expect(outcome.virtualMicros).toBeLessThan(100_000);
  });

  it('leave nothing behind either when what is lost is no longer waited for', async () => {
    const network = { duplicate: always, silence: always };
    const outcome = await inLaboratory({ network }, async ({ world, server, link, serve }) => {
      let calls = 0;
      const second = world.scheduler.park('the second copy');
      serve((ports) => async () => {
        calls++;
        if (calls === 1) return new Response('first');
        second.wake();
        return ports.scheduler.park<Response>('the crash').promise;
      });
      expect(await (await link('agent-1').fetch(url)).text()).toBe('first');
      await second.promise;
      server.kill();
      await world.scheduler.park('godot').promise;
    });
    expect(outcome.events).toEqual({ duplicate: 1, silence: 1 });
    expect(outcome.failure).toMatchObject({ kind: 'stuck', error: { tasks: [{ waitingFor: 'godot' }] } });
    expect(outcome.virtualMicros).toBeLessThan(100_000);
  });

  it('refuse to send what was called off before', async () => {
    const { seen } = await expectHeld({}, async ({ link }) => {
      const signal = AbortSignal.abort(new Error('never mind'));
      expect(await outcomeOf(link('agent-1').fetch(url, post('hello', signal)))).toBe('never mind');
    });
    expect(seen).toEqual([]);
  });

  it('duplicate a request: the server sees it twice, the client hears once', async () => {
    const { seen, events } = await expectHeld({ network: { duplicate: always } }, async (laboratory) => {
      const response = await laboratory.link('agent-1').fetch(url, post('hello'));
      expect(await response.json()).toEqual({ method: 'POST', text: 'hello' });
      await laboratory.world.clock.sleep(100);
    });
    expect(seen).toEqual(['hello', 'hello']);
    expect(events).toEqual({ duplicate: 1 });
  });

  it('lose one of two copies without the client noticing', async () => {
    const network = { duplicate: always, dropRequest: { outOf: 1, max: 1 } };
    const { seen, events } = await expectHeld({ network }, async (laboratory) => {
      expect(await said(laboratory, 'agent-1', 'hello')).toBe('answered');
    });
    expect(seen).toEqual(['hello']);
    expect(events).toEqual({ duplicate: 1, dropRequest: 1 });
  });

  it('delay a message by no more than the bound, short as often as long', async () => {
    const durations: number[] = [];
    const network = { delay: { ...always, microsMax: 4000 } };
    await expectHeld({ network, latency: { slow: 0, outOf: 1, microsMax: 0 } }, async (laboratory) => {
      for (let nth = 0; nth < 200; nth++) {
        const begun = laboratory.world.kernel.nowMicros;
        await said(laboratory, 'agent-1', 'hello');
        durations.push(laboratory.world.kernel.nowMicros - begun);
      }
      expect(laboratory.events).toEqual({ delay: 400 });
    });
    expect(Math.max(...durations)).toBeLessThan(2 * 4000 + 20);
    expect(Math.max(...durations)).toBeGreaterThan(4000);
    expect(Math.min(...durations)).toBeLessThan(100);
  });

  it('reorder: a message that was delayed is overtaken by one that was not', async () => {
    const network = { delay: { outOf: 2, max: Infinity, microsMax: 4000 } };
    const { seen, events } = await expectHeld({ network, strategy: 'in-order' }, async (laboratory) => {
      await Promise.all(
        Array.from({ length: 20 }, (_, nth) => said(laboratory, 'agent-1', String.fromCharCode(97 + nth))),
      );
    });
    expect(seen).not.toEqual(seen.toSorted());
    expect(events.reorder).toBeGreaterThan(0);
  });

  it('reset a connection before the response, or after any number of bytes of its body', async () => {
    const ways = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const choices = { kind: 'seed', seed: String(seed), record: false } as const;
      const { seen, events } = await expectHeld(
        { choices, network: { reset: always } },
        async ({ link, serve }) => {
          serve(() => () => new Response('abcdef'));
          try {
            const response = await link('agent-1').fetch(url);
            expect(response.status).toBe(200);
            const received: string[] = [];
            try {
              for await (const bytes of response.body!)
                received.push(new TextDecoder().decode(bytes as Uint8Array));
              ways.add('whole');
            } catch (error) {
              ways.add(`${received.join('')}, ${(error as Error).message}`);
            }
          } catch (error) {
            ways.add((error as Error).message);
          }
        },
      );
      expect(seen).toEqual([]);
      expect(events).toEqual({ reset: 1 });
    }
    expect([...ways].toSorted()).toEqual([
      ', terminated',
      'a, terminated',
      'ab, terminated',
      'abc, terminated',
      'abcd, terminated',
      'abcde, terminated',
      'abcdef, terminated',
      'fetch failed',
    ]);
  });

  it('partition two for a while: nothing passes between them, all passes between others, then it heals', async () => {
    const { events, seen } = await expectHeld({}, async (laboratory) => {
      const { world, link } = laboratory;
      world.network.partition('agent-1', 'node-1', 100_000);
      const [one, other] = await Promise.all([
        outcomeOf(fetchWithin(laboratory, link('agent-1'), 50, post('lost'))),
        outcomeOf(fetchWithin(laboratory, link('agent-2'), 50, post('passes'))),
      ]);
      expect([one, other]).toEqual(['too late', 'answered']);
      await world.clock.sleep(60);
      expect(await said(laboratory, 'agent-1', 'healed')).toBe('answered');
    });
    expect(seen).toEqual(['passes', 'healed']);
    expect(events).toEqual({ partitionLoss: 1 });
  });

  it('partition at a message that the seed decides on, and lose what is on its way as well', async () => {
    const network = { partition: { outOf: 1, max: 1, microsMax: 1000 } };
    const { events, seen } = await expectHeld({ network }, async (laboratory) => {
      expect(await outcomeOf(fetchWithin(laboratory, laboratory.link('agent-1'), 50, post('lost')))).toBe(
        'too late',
      );
      expect(await said(laboratory, 'agent-1', 'healed')).toBe('answered');
    });
    expect(seen).toEqual(['healed']);
    expect(events).toEqual({ partition: 1, partitionLoss: 1 });
  });

  it('partition two while a message is on its way: it is lost as well', async () => {
    const network = { delay: { outOf: 1, max: 1, microsMax: 2 ** 19 } };
    const { events, seen } = await expectHeld({ network }, async (laboratory) => {
      const answer = fetchWithin(laboratory, laboratory.link('agent-1'), 1000, post('on its way'));
      const outcome = outcomeOf(answer);
      await laboratory.world.scheduler.yield();
      laboratory.world.network.partition('agent-1', 'node-1', 2_000_000);
      expect(await outcome).toBe('too late');
    });
    expect(seen).toEqual([]);
    expect(events).toEqual({ delay: 1, partitionLoss: 1 });
  });

  it('end when they are told to, partitions included', async () => {
    const network = { ...stormy, dropRequest: always };
    const { events } = await expectHeld({ network }, async (laboratory) => {
      const { world } = laboratory;
      world.network.partition('agent-1', 'node-1', 3_600_000_000);
      world.network.calm();
      for (let nth = 0; nth < 50; nth++) expect(await said(laboratory, 'agent-1', 'hello')).toBe('answered');
    });
    expect(events).toEqual({});
  });

  it('keep to their budgets, and each can be switched off by itself', async () => {
    const struck = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const { events } = await storm(String(seed), stormy);
      for (const [event, count] of Object.entries(events)) {
        struck.add(event);
        const { max } = stormy[event as keyof NetworkFaults] ?? { max: Infinity };
        expect(count).toBeLessThanOrEqual(max);
      }
    }
    expect([...struck].toSorted()).toEqual([...Object.keys(stormy), 'partitionLoss', 'reorder'].toSorted());
    for (const fault of Object.keys(stormy) as (keyof NetworkFaults)[]) {
      const { events } = await storm('3', { ...stormy, [fault]: { outOf: 0, max: 0, microsMax: 0 } });
      expect(events[fault]).toBeUndefined();
    }
  });

  it('are the same for the same seed, and others for another', async () => {
    const [one, again, other] = [
      await storm('1', stormy),
      await storm('1', stormy),
      await storm('2', stormy),
    ];
    expect(again.digest).toBe(one.digest);
    expect(again.seen).toEqual(one.seen);
    expect(again.events).toEqual(one.events);
    expect(other.digest).not.toBe(one.digest);
  });

  it('are on the tape: a strict replay under any seed and strategy is the same run', async () => {
    const one = await storm('5', stormy);
    const choices = { kind: 'strict', seed: 'other', tape: one.tape! } as const;
    const replayed = await inLaboratory({ choices, network: stormy, strategy: 'in-order' }, inStorm);
    expect(replayed.failure).toBeUndefined();
    expect(replayed.digest).toBe(one.digest);
    expect(replayed.events).toEqual(one.events);
  });

  it('are calmest where every choice is 0: nothing happens', async () => {
    const tape = { knobs: {}, workload: {}, fault: {}, schedule: {} };
    const choices = { kind: 'steps', seed: '1', tape } as const;
    const { events } = await expectHeld({ choices, network: stormy }, inStorm);
    expect(events).toEqual({});
  });
});

function said({ link }: Laboratory, client: string, text: string): Promise<string> {
  return outcomeOf(link(client).fetch(url, post(text)));
}

/** Agents who talk to a server that is killed now and then. */
async function inStorm(laboratory: Laboratory): Promise<void> {
  const { world, server, serve, link } = laboratory;
  const crash = (steps: number): void =>
    world.kernel.afterSteps(steps, 'kill', () => {
      server.kill();
      serve();
      if (steps < 600) crash(2 * steps);
    });
  crash(75);
  const agents = Array.from({ length: 4 }, (_, agent) =>
    world.scheduler.spawn(`agent-${agent}`, async () => {
      const client = link(`agent-${agent}`);
      for (let nth = 0; nth < 15; nth++) {
        await Promise.all(
          ['a', 'b'].map((part) =>
            outcomeOf(fetchWithin(laboratory, client, 30, post(`${agent}.${nth}.${part}`))),
          ),
        );
      }
    }),
  );
  for (const agent of agents) await agent.join();
}

async function storm(
  seed: string,
  network: NetworkFaults,
): Promise<WorldOutcome & Pick<Laboratory, 'events' | 'seen'>> {
  return expectHeld({ choices: { kind: 'seed', seed, record: true }, network }, inStorm);
}
