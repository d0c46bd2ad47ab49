/**
 * Kills `stemedb submit` with SIGKILL at random moments and looks whether it kept its promises.
 *
 *     npm run build && node dist/scripts/kill-while-submitting.js [--kills 50] [--seed N] [--data DIR]
 *
 * Ends with 1 when an acknowledged claim is lost, or anything is damaged; the directory is kept then.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type KillSummary, killWhileSubmitting } from './kill/kill-while-submitting.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    data: { type: 'string' },
  },
});
const kills = Number(values.kills);
const directory = values.data ?? (await mkdtemp(join(tmpdir(), 'stemedb-kill-')));
process.stdout.write(`seed ${values.seed}, ${kills} kills, database in ${directory}\n`);

const begun = performance.now();
const { phases, acknowledged, complaints }: KillSummary = await killWhileSubmitting({
  root: new URL('../../', import.meta.url),
  directory,
  kills,
  seed: values.seed,
  verifyEvery: 10,
  onKill: (line) => void process.stdout.write(`${line}\n`),
}).catch((error: unknown) => {
  // A process that ended before it was killed, for instance.
  const complaint = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { phases: { starting: 0, recovering: 0, submitting: 0 }, acknowledged: 0, complaints: [complaint] };
});
const seconds = ((performance.now() - begun) / 1000).toFixed(1);
const hits = Object.entries(phases).map(([phase, count]) => `${count} while ${phase}`);
process.stdout.write(`${hits.join(', ')}; ${acknowledged} claims acknowledged; ${seconds} s\n`);
for (const complaint of complaints) process.stdout.write(`✗ ${complaint}\n`);
if (complaints.length === 0) {
  process.stdout.write('✓ nothing that was acknowledged is lost, and nothing is damaged\n');
  if (values.data === undefined) await rm(directory, { recursive: true });
} else {
  process.exitCode = 1;
}
