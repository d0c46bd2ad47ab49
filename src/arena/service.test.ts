import fs, { readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ProcessGoneError } from '../sim/index.ts';
import { arenaRun, calm } from './arena-run.test-support.ts';
import { Service } from './service.ts';

const crashes = { ...calm.crashes, powerLossesMax: 3, killsMax: 2 };

describe('Service', () => {
  it('comes back after every crash with what is on its disk, and its users wait until it does', async () => {
    const lives: number[][] = [];
    for (let seed = 1; seed <= 10; seed++) {
      const starts: number[] = [];
      const { failure } = await arenaRun(
        { crashes },
        async (context) => {
          const service = new Service(context, {
            name: 'node-1',
            start: async ({ fs: disk }) => {
              const names = await disk.readdir('/');
              starts.push(names.length);
              await (await disk.open(`/${names.length}`, 'w')).close();
              const root = await disk.open('/', 'r');
              await root.sync();
              await root.close();
              return names.length + 1;
            },
          });
          service.start();
          await context.users('client', { count: 2, operationsEach: 20 }, async () => {
            await service.insist('ask', (count) => expect(count).toBe(starts.at(-1)! + 1));
          });
          await service.stop();
        },
        `${seed}`,
      );
      expect(failure).toBeUndefined();
      lives.push(starts);
    }
    expect(lives.flat()).toContain(2);
    for (const starts of lives) expect(starts).toEqual(starts.toSorted((one, other) => one - other));
  });

  it('answers over the network while it runs, and closes before it stops', async () => {
    const told: string[] = [];
    const { failure } = await arenaRun({}, async (context) => {
      const service = new Service(context, {
        name: 'node-1',
        start: () => ({ greeting: 'hello' }),
        answer:
          ({ greeting }) =>
          () =>
            new Response(greeting),
        close: () => void told.push('closed'),
      });
      service.start();
      await service.call('wait', () => undefined);
      told.push(await (await context.link('client-1', 'node-1').fetch('http://node-1/')).text());
      await service.stop();
    });
    expect(failure).toBeUndefined();
    expect(told).toEqual(['hello', 'closed']);
  });

  it('makes a counterexample of a system that does not start on what a crash has left', async () => {
    const { failure } = await arenaRun({}, async (context) => {
      const service = new Service(context, {
        name: 'node-1',
        start: async ({ fs: disk }) => {
          if ((await disk.readdir('/')).length > 0) throw new RangeError('not empty');
          await (await disk.open('/a', 'w')).close();
        },
      });
      service.start();
      await service.call('wait', () => undefined);
      context.chaos.kill(service.machine);
      await service.call('wait', () => undefined);
    });
    expect(failure).toMatchObject({
      property: 'starts-after-a-crash',
      category: 'refused',
      actual: 'not empty',
    });
  });

  it('says that a call has no answer when the process goes meanwhile', async () => {
    const { failure } = await arenaRun({}, async (context) => {
      const service = new Service(context, { name: 'node-1', start: (ports) => ports });
      service.start();
      await service.call('wait', () => undefined);
      const asked = service.call('sleep', ({ clock }) => clock.sleep(1000));
      await context.clock.sleep(1);
      context.chaos.kill(service.machine);
      await expect(asked).rejects.toThrow(ProcessGoneError);
    });
    expect(failure).toBeUndefined();
  });
});

describe('a service that stands in for Node', () => {
  /** Knows of no ports. */
  async function save(text: string): Promise<string> {
    await writeFile('/state.tmp', text, 'utf-8');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await rename('/state.tmp', '/state');
    const handle = await promisify(fs.open)('/state', 'r');
    const { bytesRead } = await promisify(fs.read)(handle, Buffer.alloc(100), 0, 100, 0);
    await promisify(fs.close)(handle);
    const at = new Date().toISOString();
    return `${await readFile('/state', 'utf-8')} ${bytesRead} ${at} ${Math.random()} ${randomUUID()} ${Date.now()}`;
  }

  const run = (work: () => unknown, seed = '1'): ReturnType<typeof arenaRun> =>
    arenaRun(
      {},
      async (context) => {
        const service = new Service(context, {
          name: 'node-1',
          start: () => undefined,
          standsInForNode: true,
        });
        service.start();
        await service.call('work', work);
      },
      seed,
    );

  it('lets code run that asks Node for files, timers, the time and randomness, the same for the same seed', async () => {
    const said: string[] = [];
    for (const seed of ['7', '7', '8']) {
      const { failure } = await run(async () => said.push(await save('hello')), seed);
      expect(failure).toBeUndefined();
    }
    expect(said[0]).toMatch(/^hello 5 2026-01-01T00:00:00\.05\dZ 0\.\d+ [0-9a-f-]{36} 1767225600\d+$/);
    expect(said[1]).toBe(said[0]);
    expect(said[2]).not.toBe(said[0]);
    expect(fs.existsSync('/state')).toBe(false);
  });

  it('stops a timer that is cleared, and rings one that is set at intervals', async () => {
    const rung: string[] = [];
    const { failure } = await run(async () => {
      const cleared = setTimeout(() => rung.push('cleared'), 5);
      const every = setInterval(() => rung.push('every'), 10);
      setImmediate((what: string) => rung.push(what), 'immediate');
      process.nextTick(() => rung.push('tick'));
      clearTimeout(cleared);
      await new Promise((resolve) => setTimeout(resolve, 35));
      clearInterval(every);
      await new Promise((resolve) => setTimeout(resolve, 35));
    });
    expect(failure).toBeUndefined();
    expect(rung).toEqual(['tick', 'immediate', 'every', 'every', 'every']);
  });

  it('refuses what it cannot stand in for, and everything outside of the process', async () => {
    const inside = await run(() => readFileSync('/state'));
    expect(inside.failure).toMatchObject({ property: 'simulator', code: 'SIM_LEAK' });
    const outside = await arenaRun({}, async () => void (await readFile('/state')));
    expect(outside.failure).toMatchObject({ property: 'simulator', code: 'SIM_LEAK' });
  });
});
