import type { Low } from 'lowdb';
import { type Arena, type ArenaContext, ProcessGoneError, Service } from 'stemedb-sim';

/** What the database keeps: one number, which only rises. */
export interface State {
  count: number;
  /** Makes the file longer than one sector. */
  padding: string;
}

export const scenarios = ['power-loss-on-xfs', 'power-loss-on-ext4', 'killed'];

export const properties: Arena['properties'] = [
  {
    id: 'writes-are-atomic',
    kind: 'safety',
    claim: 'after a crash the file is as some write has left it: it is neither empty nor torn',
  },
];

/** An application whose database `open` opens at `/db.json`, anew after each crash; somebody uses it meanwhile. */
export async function play(
  context: ArenaContext,
  open: (initial: State) => Promise<Low<State>>,
): Promise<void> {
  const padding = 'x'.repeat(context.knob('padding', [0, 600, 5000]));
  let asked = 0;
  const service = new Service(context, {
    name: 'app',
    standsInForNode: true,
    start: async () => {
      const db = await open({ count: 0, padding }).catch((error: Error) => {
        context.require(!(error instanceof SyntaxError), () => ({
          property: 'writes-are-atomic',
          category: 'refused',
          message: 'lowdb does not open its file any more.',
          expected: 'the JSON of some write',
          actual: error.message,
        }));
        throw error;
      });
      context.require(db.data.count <= asked && db.data.padding === padding, () => ({
        property: 'writes-are-atomic',
        category: 'altered',
        message: 'lowdb has read what nobody wrote.',
        expected: `a count of at most ${asked}`,
        actual: JSON.stringify(db.data),
      }));
      return db;
    },
  });
  service.start();
  await context.users('client', { count: 1, operationsEach: 10 }, async ({ name }) => {
    asked += 1;
    const count = asked;
    context.record('invoke', name, `writes ${count}`);
    try {
      await service.call('write', (db) =>
        db.update((data) => {
          data.count = count;
        }),
      );
      context.record('ok', name, `has ${count} written`);
    } catch (error) {
      if (!(error instanceof ProcessGoneError)) throw error;
      context.record('info', name, 'gets no answer');
    }
  });
  context.chaos.stop();
  await service.stop();
  service.start();
  await service.stop();
}
