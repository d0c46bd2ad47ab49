import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EndlessClaims } from './input.ts';

/** Claims that one process is given: with more, looking at the database after each kill takes too long. */
const claimsMax = 400;

/** A `stemedb submit` that is fed for as long as it lives, and what it has acknowledged. */
export class Victim {
  /** Hashes, in the order of the lines that it was given. */
  readonly acknowledged: string[] = [];
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  #partialLine = '';
  #errors = '';

  /** Feeds it the claims from `from` on. */
  constructor(bin: string, data: string, claims: EndlessClaims, from: number) {
    this.#child = spawn(process.execPath, [bin, 'submit', '--data', data, '--agent', 'killed', '-'], {
      stdio: 'pipe',
    });
    this.#gone = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    // A process that is killed reads no more.
    this.#child.stdin?.on('error', () => undefined);
    void this.#feed(claims, from);
  }

  /** Resolves once it has acknowledged `count` claims. Rejects when it ends before that. */
  async until(count: number): Promise<void> {
    let hasEnded = false;
    const gone = this.#gone.then(() => {
      hasEnded = true;
    });
    while (this.acknowledged.length < count) {
      if (hasEnded) throw new Error(`stemedb submit has ended by itself: ${this.#errors}`);
      await Promise.race([once(this.#child.stdout!, 'data'), gone]);
    }
  }

  /** SIGKILL; resolves when it is gone and what it had written has been read. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
    // Whoever ended before the signal came has ended by itself, which it never should.
    if (this.#child.signalCode !== 'SIGKILL') throw new Error(`stemedb submit has ended: ${this.#errors}`);
  }

  /** Lets it come to its end; resolves with its exit code. */
  async finish(): Promise<number | null> {
    this.#child.stdin?.end();
    await this.#gone;
    return this.#child.exitCode;
  }

  async #feed(claims: EndlessClaims, from: number): Promise<void> {
    for (let index = from; index < from + claimsMax; index++) {
      const { stdin } = this.#child;
      if (stdin?.writable !== true) return;
      if (stdin.write(claims.line(index))) continue;
      await Promise.race([once(stdin, 'drain'), this.#gone]).catch(() => undefined);
    }
  }

  /** A line counts only when it is complete. */
  #read(text: string): void {
    const lines = (this.#partialLine + text).split('\n');
    this.#partialLine = lines.pop() ?? '';
    for (const line of lines) this.acknowledged.push((JSON.parse(line) as { readonly hash: string }).hash);
  }
}
