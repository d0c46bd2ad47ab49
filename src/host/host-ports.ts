import { nodeSignatures } from '../crypto/index.ts';
import { noSites, type Ports, type Telemetry } from '../ports/index.ts';
import { HostClock } from './host-clock.ts';
import { HostEntropy } from './host-entropy.ts';
import { hostFileSystem } from './host-file-system.ts';
import { HostScheduler } from './host-scheduler.ts';
import { HostTelemetry } from './host-telemetry.ts';

export interface HostPortsOptions {
  /** Default: warnings and errors, as lines on standard error. */
  readonly telemetry?: Telemetry;
}

/** The world as this machine has it, for an engine that serves in this process. */
export function hostPorts({ telemetry = new HostTelemetry() }: HostPortsOptions = {}): Ports {
  const scheduler = new HostScheduler((task, error) =>
    telemetry.log('error', 'task.failed', {
      task,
      reason: error instanceof Error ? error.message : String(error),
    }),
  );
  return {
    clock: new HostClock(),
    fs: hostFileSystem,
    scheduler,
    entropy: new HostEntropy(),
    telemetry,
    signatures: nodeSignatures,
    sites: noSites,
  };
}
