import type { FileHandle, FileSystem } from 'stemedb-sim';

const log = '/counter.log';

/** Counts, and knows how far it was after a crash: each increment is a line in a log before it is acknowledged. */
export class Counter {
  readonly #log: FileHandle;
  #value: number;
  #end: number;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle, value: number, end: number) {
    this.#log = handle;
    this.#value = value;
    this.#end = end;
  }

  /** Opens the log, and reads it to the end. */
  static async open(fs: FileSystem): Promise<Counter> {
    const handle = await fs.open(log, 'a+');
    const { size } = await handle.stat();
    const bytes = new Uint8Array(size);
    for (let read = 0; read < size;) {
      const { bytesRead } = await handle.read(bytes, read, size - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    // A line that a crash has torn was never acknowledged: it is cut off.
    const whole = /^(?:\+\n)*/.exec(new TextDecoder().decode(bytes))?.[0].length ?? 0;
    await handle.truncate(whole);
    await handle.sync();
    await syncFolder(fs);
    return new Counter(handle, whole / 2, whole);
  }

  get value(): number {
    return this.#value;
  }

  /** Resolves with the new value once it is durable. */
  increment(): Promise<number> {
    const written = this.#writing.then(async () => {
      const line = new TextEncoder().encode('+\n');
      await this.#log.write(line, 0, line.length, this.#end);
      this.#end += line.length;
      this.#value += 1;
      return this.#value;
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#log.close();
  }
}

async function syncFolder(fs: FileSystem): Promise<void> {
  const folder = await fs.open('/', 'r');
  await folder.sync();
  await folder.close();
}
