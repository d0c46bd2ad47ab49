import { describe, expect, it } from 'vitest';
import { hostPorts } from './host-ports.ts';
import { HostScheduler } from './host-scheduler.ts';
import { HostTelemetry } from './host-telemetry.ts';

function recording(): { readonly lines: string[]; readonly telemetry: HostTelemetry } {
  const lines: string[] = [];
  return { lines, telemetry: new HostTelemetry((line) => lines.push(line)) };
}

describe('HostTelemetry', () => {
  it('writes warnings and errors, a line each, and nothing else', () => {
    const { lines, telemetry } = recording();
    telemetry.reached('wal.rotated');
    telemetry.measure('wal.group-bytes', 4096);
    telemetry.log('info', 'wal.opened');
    telemetry.log('warn', 'wal.removal-failed', { name: '000000000001-0123456789abcdef.seg', tries: 2 });
    telemetry.log('error', 'wal.poisoned', { cause: 'the disk\nsaid "no"', fatal: true });
    expect(lines).toEqual([
      'stemedb: warn wal.removal-failed name=000000000001-0123456789abcdef.seg tries=2\n',
      'stemedb: error wal.poisoned cause="the disk\\nsaid \\"no\\"" fatal=true\n',
    ]);
  });

  it('never throws, whatever becomes of the line', () => {
    const telemetry = new HostTelemetry(() => {
      throw new Error('EPIPE');
    });
    expect(() => telemetry.log('error', 'wal.poisoned')).not.toThrow();
  });
});

describe('HostScheduler', () => {
  it('reports a failure that nobody waits for, and still has it for whoever joins later', async () => {
    const reports: string[] = [];
    const scheduler = new HostScheduler((task, error) => reports.push(`${task}: ${String(error)}`));
    const task = scheduler.spawn('ingest', () => Promise.reject(new Error('no disk')));
    await scheduler.yield();
    await scheduler.yield();
    expect(reports).toEqual(['ingest: Error: no disk']);
    await expect(task.join()).rejects.toThrow('no disk');
  });

  it('leaves a failure to those who join', async () => {
    const reports: string[] = [];
    const scheduler = new HostScheduler((task) => reports.push(task));
    const task = scheduler.spawn('ingest', () => Promise.reject(new Error('no disk')));
    await expect(task.join()).rejects.toThrow('no disk');
    await scheduler.yield();
    expect(reports).toEqual([]);
  });

  it('takes a body that throws before it returns a promise for one that rejects', async () => {
    const task = new HostScheduler().spawn('task', () => {
      throw new Error('at once');
    });
    await expect(task.join()).rejects.toThrow('at once');
  });
});

describe('hostPorts', () => {
  it('tells of a task that failed unseen', async () => {
    const { lines, telemetry } = recording();
    const { scheduler } = hostPorts({ telemetry });
    scheduler.spawn('ingest', () => Promise.reject(new Error('no disk')));
    await scheduler.yield();
    await scheduler.yield();
    expect(lines).toEqual(['stemedb: error task.failed task=ingest reason="no disk"\n']);
  });
});
