import type { Telemetry } from '../../ports/index.ts';

/**
 * Tries to remove something that nobody needs any more. A failure is told and otherwise let be: what is
 * left behind costs space and nothing else, and the next recovery tries again.
 */
export async function tryToRemove(
  telemetry: Telemetry,
  what: string,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    telemetry.reached('kv.leftover');
    telemetry.log('warn', 'kv.leftover', { what, error: String(error) });
  }
}
