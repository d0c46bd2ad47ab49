import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignSummary, RunFile, RunRecord } from '../../explore/index.ts';

const root = path.resolve(import.meta.dirname, '../../..');
let reports: string;

beforeAll(() => {
  reports = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-cli-'));
});
afterAll(() => rmSync(reports, { recursive: true }));

describe('stemedb-sim run', () => {
  it('prints the seed first, then the run with its digest, and exits with 0 when all held', () => {
    const { stdout, status } = command('run', '--seed', '42');
    expect(stdout.trimStart()).toMatch(/^stemedb-sim {3}seed 42 /);
    expect(stdout).toMatch(/✓ held {6}arena-0-spine .* seed 42\n/);
    expect(stdout).toMatch(/digest [0-9a-f]{16}/);
    expect(status).toBe(0);
  });

  it('plays the same run in another process', () => {
    const digest = (text: string): string | undefined => /digest ([0-9a-f]{16})/.exec(text)?.[1];
    expect(digest(command('run', '--seed', '42').stdout)).toBe(digest(command('run', '--seed', '42').stdout));
  });

  it('draws a seed when none is given, and says which', () => {
    const { stdout, status } = command('run');
    expect(stdout).toMatch(/seed \d+ /);
    expect(status).toBe(0);
  });

  it('prints one JSON line a run and the summary last, all of the contract', () => {
    const { runs, summary } = json('run', '--seed', '7', '--runs', '4');
    expect(runs).toHaveLength(4);
    expect(
      Object.keys(runs[0] ?? {})
        .toSorted()
        .join(' '),
    ).toBe(
      'arena digest faults markers operations property run scenario seed signature stats steps strategy type ' +
        'verdict virtualMs wallMs',
    );
    expect(summary).toMatchObject({ type: 'summary', runs: 4, held: 4, violated: 0, signatures: [] });
    expect(summary.stepsPerSecond).toBeGreaterThan(0);
  });

  it('plays the same runs whatever the number of jobs, and in shards', () => {
    const digests = (runs: readonly RunRecord[]): string[] =>
      runs.map(({ run, digest }) => `${run} ${digest}`);
    const alone = digests(json('run', '--seed', '7', '--runs', '24').runs);
    const together = digests(json('run', '--seed', '7', '--runs', '24', '--jobs', '2').runs);
    const shards = ['1/3', '2/3', '3/3'].flatMap((shard) =>
      digests(json('run', '--seed', '7', '--runs', '24', '--shard', shard).runs),
    );
    expect(together).toEqual(alone);
    expect(shards.toSorted()).toEqual(alone.toSorted());
  });

  it('takes a git hash as its seed, in either case', () => {
    const hash = '0C91C7DE31E1C7440FBF132C21B9EB3C70C62AD8';
    const { stdout, status } = command('run', '0', '--seed', hash);
    expect(stdout).toContain(`seed ${hash.toLowerCase()} `);
    expect(status).toBe(0);
  });

  it('checks determinism by playing every run twice', () => {
    const { stdout, status } = command('run', '--seed', '3', '--runs', '4', '--check-determinism');
    expect(stdout).toContain('same digests');
    expect(status).toBe(0);
  });

  it('stops at a deadline', () => {
    const { runs } = json('run', '--seed', '3', '--for', '300ms');
    expect(runs.length).toBeGreaterThan(0);
  });

  it('ends in good order when it is interrupted: summary last, exit 130', async () => {
    const args = ['run', '0', '--seed', '3', '--for', '10m', '--reporter', 'json', '--output', reports];
    const child = spawn(process.execPath, ['bin/stemedb-sim', ...args], { cwd: root });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => {
      if (stdout === '') child.kill('SIGINT');
      stdout += data.toString();
    });
    const [status] = (await once(child, 'close')) as [number | null];
    const lines = stdout.trimEnd().split('\n');
    const summary = JSON.parse(lines.at(-1)!) as CampaignSummary;
    expect(summary).toMatchObject({ type: 'summary', runs: lines.length - 1 });
    expect(status).toBe(130);
  });

  const wrong: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['run', '--sede', '42'], /Unknown argument: sede/],
    [['run', 'arena-7'], /No arena "arena-7".*Known: arena-0-spine/],
    [['run', '--scenario', 'torn'], /No scenario "torn".*Did you mean "torn-writes"/],
    [['run', '--strategy', 'exhaustive', '--shard', '1/2'], /takes neither --shard nor --jobs/],
    [['run', '--strategy', 'best'], /No strategy "best".*Known: random/],
    [['run', '--reporter', 'xml'], /No reporter "xml"/],
    [['run', '--runs', '0'], /--runs takes a whole number of at least 1/],
    [['run', '--runs', 'many'], /--runs takes a whole number/],
    [['run', '--for', 'ever'], /--for takes a duration such as 90s/],
    [['run', '--shard', '3/2'], /--shard takes I\/N/],
    [['run', '--seed', 'abc'], /--seed takes a whole number or a git hash/],
    [['run', '--seed', 'main'], /such as 42 or \$GITHUB_SHA, not "main"/],
    [['report', 'nowhere.json'], /nowhere\.json cannot be replayed/],
    [['report', 'nowhere.json', '--format', 'pdf'], /No format "pdf".*Known: html, md, json/],
    [['run', '--jobs', '-1'], /--jobs takes a whole number of at least 1/],
    [['run', '--mutant', 'none'], /No mutant "none"/],
    [['replay'], /argument is missing/],
    [['replay', 'nowhere.json'], /nowhere\.json cannot be replayed/],
    [['rnu'], /Did you mean run|No arena "rnu"/],
  ];
  for (const [args, message] of wrong) {
    it(`says what is wrong with: ${args.join(' ')}`, () => {
      const { stderr, status } = command(...args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toContain('    at ');
      expect(status).toBe(2);
    });
  }
});

describe('a failing run', () => {
  let file: string;

  beforeAll(() => {
    const failures = path.join(reports, 'failures');
    const mutant = 'wal-new-segment-name-not-synced';
    const { stdout, status } = command(
      'run',
      '--mutant',
      mutant,
      '--seed',
      '1',
      '--runs',
      '50',
      '--bail',
      '--no-minimize',
      '--output',
      failures,
    );
    expect(status).toBe(1);
    expect(stdout).toContain(' FAIL ');
    expect(stdout).toContain(`Planted  ${mutant}`);
    expect(stdout).toMatch(/Replay {3}bin\/stemedb-sim replay .*\.json/);
    const name = readdirSync(failures).find((entry) => /^\d+\.json$/.test(entry));
    file = path.join(failures, name ?? '');
  }, 120_000);

  it('is on the page of its campaign, which leads to its own', () => {
    const page = readFileSync(path.join(path.dirname(file), 'campaign.html'), 'utf8');
    expect(page).toContain(`<a href="${path.basename(file, '.json')}.html">`);
    expect(page).toContain('This bug was planted on purpose');
  });

  it('is replayed exactly from its file, planted bug and all', () => {
    const { stdout, status } = command('replay', file);
    expect(stdout).toContain('Reproduced: the same digest, step for step.');
    expect(status).toBe(1);
  });

  it('is replayed from its seed too', () => {
    expect(command('replay', file, '--mode', 'seed').stdout).toContain('Reproduced: the same digest');
  });

  it('can be stopped at any step, and shows every step on demand', () => {
    const { stdout, status } = command('replay', file, '--until', '25', '--trace', 'full');
    expect(stdout).toContain('stands still after step 25');
    expect(
      stdout.split('\n').filter((line) => / {2}t=\d+µs {2}main\/root/.test(line)).length,
    ).toBeGreaterThan(20);
    expect(status).toBe(0);
  });

  it('does not differ from itself, and differs from the run without the bug at a step that diff names', () => {
    expect(command('diff', file, file)).toMatchObject({ status: 0 });
    const record = (JSON.parse(readFileSync(file, 'utf8')) as RunFile).record;
    const clean = path.join(reports, 'clean');
    const { arena, scenario, seed, strategy } = record;
    command('run', arena, '--scenario', scenario, '--seed', seed, '--strategy', strategy, '--output', clean);
    const { stdout, status } = command('diff', file, path.join(clean, `${seed}.json`));
    expect(stdout).toContain('The first step that differs');
    expect(status).toBe(1);
  });

  it('is called stale, and not passed, when the code no longer fits its choices', () => {
    const changed = JSON.parse(readFileSync(file, 'utf8')) as { tape: { knobs: Record<string, number[]> } };
    changed.tape.knobs['agents'] = [4, 1];
    const stale = path.join(reports, 'stale.json');
    writeFileSync(stale, JSON.stringify(changed));
    const { stdout, status } = command('replay', stale);
    expect(stdout).toContain('Strict replay left the tape');
    expect(status).toBe(5);
  });

  it('leaves what a CI system reads, and a page, beside its file', () => {
    const beside = (name: string): string => readFileSync(path.join(path.dirname(file), name), 'utf8');
    expect(JSON.parse(beside('summary.json'))).toMatchObject({ type: 'summary', violated: 1 });
    expect(beside('junit.xml')).toContain('<failure type=');
    expect(beside(path.basename(file, '.json') + '.html')).toMatch(/^<!doctype html>/);
  });

  it('is rendered in every format, and the same each time', () => {
    const begins = {
      html: '<!doctype html>',
      md: '# arena-0-spine',
      json: '{',
      junit: '<?xml',
      github: '::error file=arenas/arena-0-spine.ts,line=',
      perfetto: '{"displayTimeUnit"',
    };
    for (const [format, begin] of Object.entries(begins)) {
      const { stdout, stderr, status } = command('report', file, '--format', format);
      expect({ begin: stdout.slice(0, begin.length), stderr, status }).toEqual({
        begin,
        stderr: '',
        status: 0,
      });
    }
    expect(command('report', file).stdout).toBe(command('report', file).stdout);
  });

  it('is refused when its file is damaged', () => {
    const broken = path.join(reports, 'broken.json');
    writeFileSync(broken, readFileSync(file, 'utf8').slice(0, 1000));
    const { stderr, status } = command('replay', broken);
    expect(stderr).toMatch(/broken\.json cannot be replayed: it is not JSON/);
    expect(status).toBe(2);
  });
});

describe('stemedb-sim list and doctor', () => {
  it('lists arenas, properties, scenarios, strategies and planted bugs', () => {
    const { stdout } = command('list');
    for (const word of [
      'arena-0-spine',
      'acknowledged-survives',
      'torn-writes',
      'pct-3',
      'wal-group-not-synced',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it('finds this machine fit', () => {
    const { stdout, status } = command('doctor');
    expect(stdout).not.toContain('✗');
    expect(status).toBe(0);
  });
});

function command(...args: readonly string[]): { stdout: string; stderr: string; status: number | null } {
  const output = args[0] === 'run' && !args.includes('--output') ? ['--output', reports] : [];
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  return spawnSync(process.execPath, ['bin/stemedb-sim', ...args, ...output], {
    cwd: root,
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 28,
  });
}

function json(...args: readonly string[]): { runs: readonly RunRecord[]; summary: CampaignSummary } {
  const { stdout } = command(...args, '--reporter', 'json');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunRecord | CampaignSummary);
  return {
    runs: lines.filter((line) => line.type === 'run'),
    summary: lines.at(-1) as CampaignSummary,
  };
}
