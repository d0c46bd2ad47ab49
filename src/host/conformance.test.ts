import { describeClockConformance } from '../ports/clock.conformance.ts';
import { describeEntropyConformance } from '../ports/entropy.conformance.ts';
import { describeSchedulerConformance } from '../ports/scheduler.conformance.ts';
import { describeSyncConformance } from '../ports/sync.conformance.ts';
import { HostClock } from './host-clock.ts';
import { HostEntropy } from './host-entropy.ts';
import { HostScheduler } from './host-scheduler.ts';

const name = 'this machine';

describeClockConformance({
  name,
  create: () => ({ clock: new HostClock(), scheduler: new HostScheduler() }),
});
describeSchedulerConformance({ name, create: () => new HostScheduler(() => {}) });
describeSyncConformance({ name, create: () => new HostScheduler() });
describeEntropyConformance({ name, create: () => new HostEntropy() });
