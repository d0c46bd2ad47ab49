import type { Clock } from './clock.ts';
import type { Entropy } from './entropy.ts';
import type { FileSystem } from './file-system.ts';
import type { Scheduler } from './scheduler.ts';
import type { Signatures } from './signatures.ts';
import type { Sites } from './sites.ts';
import type { Telemetry } from './telemetry.ts';

/** Everything through which an engine may reach the world. */
export interface Ports {
  readonly clock: Clock;
  readonly fs: FileSystem;
  readonly scheduler: Scheduler;
  readonly entropy: Entropy;
  readonly telemetry: Telemetry;
  readonly signatures: Signatures;
  readonly sites: Sites;
}
