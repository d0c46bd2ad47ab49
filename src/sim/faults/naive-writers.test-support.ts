import type { FileHandle, FileSystem } from '../../ports/index.ts';
import { bytesOf, syncNames } from './faults.test-support.ts';

// Each of these works as long as nothing goes wrong, and has been seen in the wild.

/** For tests to end whatever is broken; nobody in the wild has one. */
const attemptsMax = 100;

/** Syncs what it wrote, and its name. What it returns from is acknowledged; errors it passes on. */
export async function save(fs: FileSystem, path: string, text: string): Promise<void> {
  const file = await fs.open(path, 'w');
  try {
    await writeAll(file, bytesOf(text), 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncNames(fs, parentOf(path));
}

/** Takes one write for all of it. */
export async function appendInOneWrite(fs: FileSystem, path: string, text: string): Promise<void> {
  const file = await fs.open(path, 'a');
  const bytes = bytesOf(text);
  await file.write(bytes, 0, bytes.length, 0);
  await file.sync();
  await file.close();
}

/** Copies with one read. */
export async function copyInOneRead(fs: FileSystem, from: string, to: string): Promise<void> {
  const source = await fs.open(from, 'r');
  const bytes = new Uint8Array((await source.stat()).size);
  const { bytesRead } = await source.read(bytes, 0, bytes.length, 0);
  await source.close();
  await save(fs, to, new TextDecoder().decode(bytes.subarray(0, bytesRead)));
}

/** Whatever goes wrong is somebody else's business. */
export async function appendAndShrug(fs: FileSystem, path: string, text: string): Promise<void> {
  try {
    const file = await fs.open(path, 'a');
    const bytes = bytesOf(text);
    await file.write(bytes, 0, bytes.length, 0).catch(() => undefined);
    await file.sync();
    await file.close();
  } catch {
    // It will work the next time.
  }
}

/** Writes again, from the beginning, what could not be written. */
export async function appendAgainAndAgain(fs: FileSystem, path: string, text: string): Promise<void> {
  const file = await fs.open(path, 'a');
  const bytes = bytesOf(text);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      await writeAll(file, bytes, 0);
      break;
    } catch {
      continue;
    }
  }
  await file.sync();
  await file.close();
}

/** Cuts a log where it cannot be read any further: an error is as good as an end. */
export async function recoverUpToFirstError(fs: FileSystem, path: string): Promise<void> {
  const file = await fs.open(path, 'r+');
  const page = new Uint8Array(512);
  let end = 0;
  for (;;) {
    const bytesRead = await file.read(page, 0, page.length, end).then(
      (result) => result.bytesRead,
      () => 0,
    );
    if (bytesRead === 0) break;
    end += bytesRead;
  }
  await file.truncate(end);
  await file.sync();
  await file.close();
}

/** Makes room for the new file before it has one. */
export async function replaceByRemoving(fs: FileSystem, path: string, text: string): Promise<void> {
  await fs.unlink(path);
  await save(fs, path, text);
}

/** Syncs until that succeeds, and takes it for done then. */
export async function saveSyncingAgain(fs: FileSystem, path: string, text: string): Promise<void> {
  const file = await fs.open(path, 'r+');
  await writeAll(file, bytesOf(text), 0);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      await file.sync();
      break;
    } catch {
      continue;
    }
  }
  await file.close();
}

/** Syncs the name until that succeeds, and takes it for durable then. */
export async function saveSyncingNameAgain(fs: FileSystem, path: string, text: string): Promise<void> {
  const file = await fs.open(path, 'w');
  await writeAll(file, bytesOf(text), 0);
  await file.sync();
  await file.close();
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      return await syncNames(fs, parentOf(path));
    } catch {
      continue;
    }
  }
}

/** Moves to another place by a copy, and asks nobody whether that is complete. */
export async function moveByCopying(fs: FileSystem, from: string, to: string): Promise<void> {
  const file = await fs.open(to, 'w');
  await writeAll(file, bytesOf(await readText(fs, from)), 0);
  await file.close().catch(() => undefined);
  await fs.unlink(from);
}

/** Puts the old log aside, if there is one, and begins a new one. */
export async function rotate(fs: FileSystem, path: string, text: string): Promise<void> {
  await fs.rename(path, `${path}.old`).catch(() => undefined);
  await save(fs, path, text);
}

/** What is to be forgotten may be gone already. */
export async function forget(fs: FileSystem, path: string): Promise<void> {
  await fs.unlink(path).catch(() => undefined);
  await syncNames(fs, parentOf(path));
}

/** Takes for true what it has read twice. */
export async function copyWhatIsReadTwice(fs: FileSystem, from: string, to: string): Promise<void> {
  const text = await readText(fs, from);
  if ((await readText(fs, from)) !== text) throw new Error('read something else');
  await save(fs, to, text);
}

/** Does not trust a sync that failed, but its own eyes. */
export async function saveAndLook(fs: FileSystem, path: string, text: string): Promise<boolean> {
  const file = await fs.open(path, 'r+');
  await writeAll(file, bytesOf(text), 0);
  await file.sync().catch(() => undefined);
  await file.close();
  return (await readText(fs, path)) === text;
}

export async function readText(fs: FileSystem, path: string): Promise<string> {
  const file = await fs.open(path, 'r');
  const bytes = new Uint8Array((await file.stat()).size);
  await file.read(bytes, 0, bytes.length, 0);
  await file.close();
  return new TextDecoder().decode(bytes);
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error('wrote nothing');
    done += bytesWritten;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
