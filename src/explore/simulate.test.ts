import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lostUpdate } from './play.test-support.ts';
import { simulate } from './simulate.ts';
import { plantHang, type PlantedHang } from './watchdog/planted-hang.test-support.ts';

const library = pathToFileURL(path.resolve(import.meta.dirname, '../../dist/src/index.js')).href;
let planted: PlantedHang;

beforeAll(() => {
  planted = plantHang();
});
afterAll(() => rmSync(planted.folder, { recursive: true }));

interface Outcome {
  readonly digests: readonly string[];
  readonly failures: readonly {
    readonly signature: string;
    readonly runs: number;
    readonly seed: string;
    readonly outcome: string | undefined;
    readonly slipped: readonly string[];
  }[];
}

/** As a program of somebody's, for worker threads are of the built package. */
function simulated(options: string): Outcome {
  const file = path.join(planted.folder, 'program.js');
  const program = `
    import { simulate } from '${library}';
    import arena from '${planted.module}';
    const digests = [];
    const onRun = ({ run, seed, digest }) => digests.push([run, seed, digest].join(' '));
    const module = '${planted.module}';
    const { failures } = await simulate(arena, { runs: 8, strategy: 'in-order', onRun, module, ${options} });
    console.log(JSON.stringify({ digests, failures: failures.map(({ signature, runs, file }) => ({
      signature, runs, seed: file.record.seed, outcome: file.minimized?.outcome,
      slipped: (file.minimized?.slipped ?? []).map((one) => one.signature),
    })) }));
  `;
  writeFileSync(file, program);
  const { stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: planted.folder,
    encoding: 'utf8',
    env: { ...process.env, STEMEDB_SIM_HANG_SECONDS: '1.5' },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Outcome;
}

describe('simulate', () => {
  it('plays the same runs in any number of threads', () => {
    const alone = simulated('seed: 6, minimize: false');
    expect(alone.digests).toHaveLength(8);
    expect(alone.failures).toMatchObject([{ signature: 'not-six/inconsistent/-', runs: 1 }]);
    expect(simulated('seed: 6, minimize: false, jobs: 2')).toEqual(alone);
  });

  it('ends what hangs, where there are threads: a run, and what the minimizer makes of another', () => {
    const { digests, failures } = simulated('seed: 4, jobs: 2');
    expect(digests).toHaveLength(8);
    expect(failures).toMatchObject([
      { signature: 'simulator/unhandled/SIM_HANG', runs: 1 },
      {
        signature: 'not-six/inconsistent/-',
        runs: 2,
        outcome: '1-minimal',
        slipped: ['simulator/unhandled/SIM_HANG'],
      },
    ]);
  });

  it('asks for the module that worker threads are to load', async () => {
    await expect(simulate(lostUpdate.arena, { runs: 1, jobs: 2 })).rejects.toThrow('import.meta.url');
  });
});
