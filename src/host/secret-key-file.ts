import { type FileHandle, link, mkdir, open, unlink } from 'node:fs/promises';
import { fromHex, KEY_BYTES, toHex } from '../crypto/index.ts';
import { type Entropy, isErrno } from '../ports/index.ts';

/** A file that should hold a secret key and cannot be used as one. It was not changed. */
export class SecretKeyFileError extends Error {
  readonly code = 'STEME_KEY_FILE';

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
    this.name = 'SecretKeyFileError';
  }
}

/** 64 digits and the end of the line. */
const fileBytes = 2 * KEY_BYTES + 1;

/**
 * The secret key in `directory` under `name`, which is made when there is none: a file of 64 hexadecimal
 * digits that only its owner may read. When this resolves the key is durable, with its name and that of
 * the directory, so that nothing is ever signed with a key that a power loss takes away.
 *
 * The file is written under another name and then linked: there is never a part of a key under its own
 * name, and an existing key is never replaced. Rejects with `SecretKeyFileError` or the system error.
 */
export async function readOrCreateSecretKey(
  directory: string,
  name: string,
  entropy: Entropy,
): Promise<Uint8Array> {
  const path = `${directory}/${name}.key`;
  const found = await readSecretKey(path);
  if (found !== undefined) return found;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const secretKey = entropy.bytes(KEY_BYTES);
  const draft = `${directory}/.${name}-${toHex(entropy.bytes(8))}.new`;
  await withFile(await open(draft, 'wx', 0o600), async (file) => {
    await file.writeFile(`${toHex(secretKey)}\n`);
    await file.sync();
  });
  try {
    await link(draft, path);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    throw new SecretKeyFileError(path, 'has appeared meanwhile: try again.');
  } finally {
    await unlink(draft);
  }
  await syncDirectory(directory);
  await syncDirectory(`${directory}/..`);
  return secretKey;
}

async function readSecretKey(path: string): Promise<Uint8Array | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  return withFile(file, async () => {
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw new SecretKeyFileError(path, `can be read by others (mode ${octal}): run "chmod 600 ${path}".`);
    }
    const secretKey = size === fileBytes ? fromHex((await file.readFile('utf8')).trimEnd()) : undefined;
    if (secretKey === undefined) {
      throw new SecretKeyFileError(
        path,
        'does not hold a key, which is 64 hexadecimal digits on a line: restore it, or use another agent.',
      );
    }
    return secretKey;
  });
}

async function syncDirectory(path: string): Promise<void> {
  await withFile(await open(path, 'r'), (directory) => directory.sync());
}

async function withFile<T>(file: FileHandle, body: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await body(file);
  } finally {
    await file.close();
  }
}
