import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tycheiStream } from '../../src/sim/index.ts';
import { checkByReading, checkByVerify, checkFiles, type Complaints } from './check.ts';
import { EndlessClaims } from './input.ts';
import { Victim } from './victim.ts';

export interface KillOptions {
  /** The package's own folder, with a slash at the end. */
  readonly root: URL;
  /** Where the database is made. */
  readonly directory: string;
  readonly kills: number;
  readonly seed: string;
  /** `stemedb verify` runs after every so many kills, and at the end. */
  readonly verifyEvery: number;
  readonly onKill?: (line: string) => void;
}

/** What came of it. */
export interface KillSummary {
  /** How many kills hit what. */
  readonly phases: Readonly<Record<KillPhase, number>>;
  readonly acknowledged: number;
  readonly complaints: Complaints;
}

/** As the files and the acknowledgements show it. */
export type KillPhase = 'starting' | 'recovering' | 'submitting';

/** A kill that waits for acknowledgements waits for this many at most: fewer than there are claims. */
const acknowledgedMax = 250;

/**
 * Of ten kills, so many come some time after the start, at about the time when the database is opened and
 * recovered; the others after some acknowledgements.
 */
const timedOutOfTen = 6;

/**
 * Kills a submitting process again and again, over one database and one stream of claims, and looks after
 * each kill whether everything that it had acknowledged is there. The seed decides when to kill; what that
 * hits is for the machine to say. Stops at the first complaint.
 */
export async function killWhileSubmitting(options: KillOptions): Promise<KillSummary> {
  const { root, directory, kills, seed, verifyEvery, onKill = () => undefined } = options;
  const bin = fileURLToPath(new URL('bin/stemedb', root));
  const claims = new EndlessClaims(new URL('fixtures/claims/', root));
  const random = tycheiStream(seed);
  const acknowledged = new Set<string>();
  const phases: Record<KillPhase, number> = { starting: 0, recovering: 0, submitting: 0 };
  let next = 0;
  const absorb = (victim: Victim): void => {
    for (const hash of victim.acknowledged) acknowledged.add(hash);
    // What was sent and not acknowledged may be there or not; it is sent again.
    next += victim.acknowledged.length;
  };
  const summary = (complaints: Complaints): KillSummary => ({
    phases,
    acknowledged: acknowledged.size,
    complaints,
  });

  const startMs = await firstAcknowledgementMs(new Victim(bin, directory, claims, next), absorb);
  for (let kill = 1; kill <= kills; kill++) {
    const segmentsBefore = await segmentsIn(directory);
    const victim = new Victim(bin, directory, claims, next);
    if (random.below(10) < timedOutOfTen) await delay(startMs * (0.35 + random.below(1000) / 1200));
    else await victim.until(1 + random.below(acknowledgedMax));
    await victim.kill();
    absorb(victim);
    const hasRecovered = (await segmentsIn(directory)) !== segmentsBefore;
    const phase = victim.acknowledged.length > 0 ? 'submitting' : hasRecovered ? 'recovering' : 'starting';
    phases[phase] += 1;
    onKill(`kill ${kill} of ${kills}: while ${phase}; ${acknowledged.size} claims acknowledged`);

    const complaints = await checkFiles(directory, acknowledged);
    if (complaints.length > 0) return summary(complaints);
    if (kill % verifyEvery === 0) {
      const verdict = await checkByVerify(bin, directory);
      if (verdict.length > 0) return summary(verdict);
    }
  }
  const last = new Victim(bin, directory, claims, next);
  await last.until(1);
  const exitCode = await last.finish();
  absorb(last);
  if (exitCode !== 0) return summary([`the last stemedb submit ended with ${exitCode}`]);
  const byReading = await checkByReading(directory, acknowledged);
  return summary([...byReading, ...(await checkByVerify(bin, directory))]);
}

/** How long it takes from the start of a process to its first acknowledgement: the window for early kills. */
async function firstAcknowledgementMs(victim: Victim, absorb: (victim: Victim) => void): Promise<number> {
  const begun = performance.now();
  await victim.until(1);
  const elapsedMs = performance.now() - begun;
  await victim.kill();
  absorb(victim);
  return elapsedMs;
}

/** The names of all segments, of both logs, as one text. */
async function segmentsIn(directory: string): Promise<string> {
  const names = await Promise.all(
    ['wal', 'kv/log'].map((log) => readdir(`${directory}/${log}`).catch(() => [] as string[])),
  );
  return names.flat().toSorted().join(' ');
}
