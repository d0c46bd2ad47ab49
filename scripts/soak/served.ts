import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A `stemedb serve` of its own process. */
export class Served {
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  #output = '';
  #errors = '';

  /** Starts it; `port` 0 is any free one. */
  constructor(bin: string, data: string, port: number) {
    this.#child = spawn(process.execPath, [bin, 'serve', '--data', data, '--port', String(port)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#gone = once(this.#child, 'close');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  /** Resolves with its address once it is ready. Rejects when it ends before that. */
  async ready(): Promise<string> {
    let hasEnded = false;
    const gone = this.#gone.then(() => {
      hasEnded = true;
    });
    for (;;) {
      const url = /^serving .* at (http:\S+)$/m.exec(this.#output)?.[1];
      if (url !== undefined) return url;
      if (hasEnded) throw new Error(`stemedb serve has ended by itself: ${this.#errors}`);
      await Promise.race([once(this.#child.stdout!, 'data'), gone]);
    }
  }

  /** The key that it made, since there was none. */
  get firstKey(): string | undefined {
    return /steme_[0-9a-f]{64}/.exec(this.#errors)?.[0];
  }

  /** SIGKILL; resolves when it is gone. Rejects when it had ended by itself, which it never should. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
    if (this.#child.signalCode !== 'SIGKILL')
      throw new Error(`stemedb serve has ended by itself: ${this.#errors}`);
  }

  /** SIGTERM; resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#gone;
    return this.#child.exitCode;
  }
}
