import { defineArena, ProcessGoneError, Service } from 'stemedb-sim';
import { Counter } from '../src/counter.ts';

export default defineArena({
  name: 'counter',
  summary: 'two clients count, and the machine crashes',
  scenarios: ['power-loss'],
  properties: [{ id: 'acknowledged-survives', kind: 'safety', claim: 'what was acknowledged stays counted' }],
  markers: [],
  async play(context) {
    let asked = 0;
    let acknowledged = 0;
    const service = new Service(context, {
      name: 'node-1',
      start: ({ fs }) => Counter.open(fs),
      close: (counter) => counter.close(),
    });
    /** Holds what was read against what had been acknowledged before anybody asked. */
    const read = async (): Promise<void> => {
      const least = acknowledged;
      const value = await service.insist('read', (counter) => counter.value);
      context.require(value >= least, () => ({
        property: 'acknowledged-survives',
        category: 'lost-ack',
        message: 'An acknowledged increment is gone.',
        expected: `at least ${least}`,
        actual: `${value}`,
      }));
      context.require(value <= asked, () => ({
        property: 'acknowledged-survives',
        category: 'phantom',
        message: 'There is more than anybody has counted.',
        expected: `at most ${asked}`,
        actual: `${value}`,
      }));
    };
    service.start();
    await context.users('client', { count: 2, operationsEach: 10 }, async ({ name, draws }) => {
      if (draws.choose(3) === 2) {
        await read();
        return;
      }
      asked += 1;
      context.record('invoke', name, 'increments');
      try {
        acknowledged = Math.max(
          acknowledged,
          await service.call('increment', (counter) => counter.increment()),
        );
        context.record('ok', name, `has ${acknowledged} acknowledged`);
      } catch (error) {
        if (!(error instanceof ProcessGoneError)) throw error;
        context.record('info', name, 'gets no answer');
      }
    });
    context.chaos.stop();
    await read();
    await service.stop();
  },
});
