/**
 * Serves a database to 64 users who claim, vote and ask without pause, kills the server with SIGKILL again
 * and again, and looks in the end whether everything that was acknowledged is there.
 *
 *     npm run build && node dist/scripts/serve-soak.js [--seconds 60] [--users 64] [--seed N] [--data DIR]
 *
 * Ends with 1 when anything that was acknowledged is lost, anything is damaged, or an answer is wrong; the
 * directory is kept then.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { soak } from './soak/soak.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    users: { type: 'string', default: '64' },
    seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    data: { type: 'string' },
  },
});
const [seconds, users] = [Number(values.seconds), Number(values.users)];
const directory = values.data ?? (await mkdtemp(join(tmpdir(), 'stemedb-soak-')));
process.stdout.write(`seed ${values.seed}, ${users} users for ${seconds} s, database in ${directory}\n`);

const { kills, claims, votes, reads, unanswered, complaints } = await soak({
  root: new URL('../../', import.meta.url),
  directory,
  users,
  durationMs: seconds * 1000,
  lifeMsMax: 6000,
  seed: values.seed,
  onKill: (line) => void process.stdout.write(`${line}\n`),
});
process.stdout.write(
  `${kills} kills; ${claims} claims and ${votes} votes acknowledged, ${reads} reads, ${unanswered} calls without an answer\n`,
);
for (const complaint of complaints.slice(0, 20)) process.stdout.write(`✗ ${complaint}\n`);
if (complaints.length === 0) {
  process.stdout.write('✓ nothing that was acknowledged is lost, and nothing is damaged\n');
  if (values.data === undefined) await rm(directory, { recursive: true });
} else {
  process.exitCode = 1;
}
