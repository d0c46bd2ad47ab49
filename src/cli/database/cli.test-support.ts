import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { main } from '../stemedb.ts';

/** What a command came to. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves when the process is gone and all it wrote has been read. */
  readonly ended: Promise<Ended>;
}

const bin = fileURLToPath(new URL('../../../bin/stemedb', import.meta.url));

/** Starts the built command as a user would; `stdin` is written to it and closed, unless it is to stay open. */
export function startStemedb(args: readonly string[], stdin: string | 'open' = ''): Running {
  if (!existsSync(new URL('../../../dist/src/cli/stemedb.js', import.meta.url))) {
    throw new Error('These tests run the built command: run "npm run build" first.');
  }
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: 'pipe',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A process that is killed reads no more.
  child.stdin.on('error', () => undefined);
  if (stdin !== 'open') child.stdin.end(stdin);
  const ended = once(child, 'close').then(([exitCode, signal]) => ({
    exitCode: exitCode as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Runs the built command to its end. */
export async function stemedb(args: readonly string[], stdin = ''): Promise<Ended> {
  return startStemedb(args, stdin).ended;
}

/** Resolves once `condition` holds; looks whenever the command writes something. */
export async function until({ child, ended }: Running, condition: () => boolean): Promise<void> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  while (!condition()) {
    if (hasEnded) throw new Error('the command has ended before that');
    await Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data'), ended]);
  }
}

/** Runs a command in this process, for mistakes of usage: nothing else that it does is shut off from the test. */
export async function stemedbHere(
  args: readonly string[],
): Promise<Pick<Ended, 'exitCode' | 'stdout' | 'stderr'>> {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const exitCode = await main(args);
    const [errors, output] = [stderr, stdout].map(({ mock }) =>
      mock.calls.map(([text]) => String(text)).join(''),
    );
    return { exitCode, stdout: output ?? '', stderr: errors ?? '' };
  } finally {
    stderr.mockRestore();
    stdout.mockRestore();
  }
}
