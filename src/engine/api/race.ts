import type { Clock, Scheduler } from '../../ports/index.ts';

type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' };

/**
 * Runs `work` as a task of its own and waits for it, `durationMs` at most. Whoever is late goes on in the
 * background, and how that ends is nobody's concern any more.
 */
export async function raceDeadline<T>(
  { clock, scheduler }: { readonly clock: Clock; readonly scheduler: Scheduler },
  name: string,
  durationMs: number,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  const parked = scheduler.park<Outcome<T>>(`${name} to end, or its deadline`);
  const timer = clock.timer(durationMs);
  scheduler.spawn(name, async () => {
    try {
      parked.wake({ kind: 'done', value: await work() });
    } catch (error) {
      parked.wake({ kind: 'failed', error });
    }
  });
  void timer.fired.then((fired) => {
    if (fired) parked.wake({ kind: 'late' });
  });
  const outcome = await parked.promise;
  timer.cancel();
  return outcome;
}
