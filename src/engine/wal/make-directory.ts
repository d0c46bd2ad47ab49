import { type FileSystem, isErrno } from '../../ports/index.ts';
import { WalIoError } from './errors.ts';
import { uninterrupted, withFile } from './files.ts';

/**
 * Makes a directory and whatever is missing above it, durably. Rejects with `WalIoError`, and may be called
 * again.
 *
 * Nothing is put into a directory before its name is durable, so a name that may not be is that of an empty
 * one. All names above are synced even if all were there already: a process that was killed in between
 * leaves names that can be seen and are not durable. That is not enough for an empty one. Had a sync of its
 * name failed, the kernel would count it as written, and another sync would succeed and write nothing; so it
 * gets its name anew, by a rename there and back, which keeps owner, mode and whoever stands in it. A mount
 * point and a directory in somebody else's have to stay, and it was not this program that made them.
 */
export async function makeDirectory(fs: FileSystem, path: string): Promise<void> {
  const above = parentOf(path);
  if (above === undefined) return;
  const names = await namesIn(fs, path);
  if (names === undefined) {
    await makeDirectory(fs, above);
    await makeLast(fs, path);
    await syncNames(fs, above);
    return;
  }
  if (names.length === 0) await nameAnew(fs, path);
  for (const ancestor of ancestorsOf(path)) await syncNames(fs, ancestor);
}

/** Of the name in between; a kill there leaves it, and `makeLast` takes it back. */
const asideSuffix = '.stemedb-named-anew';

async function makeLast(fs: FileSystem, path: string): Promise<void> {
  try {
    await uninterrupted(() => fs.rename(`${path}${asideSuffix}`, path));
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw new WalIoError('make', path, error);
    try {
      await uninterrupted(() => fs.mkdir(path, { recursive: true }));
    } catch (reason) {
      throw new WalIoError('make', path, reason);
    }
  }
}

async function nameAnew(fs: FileSystem, path: string): Promise<void> {
  try {
    await uninterrupted(() => fs.rename(path, `${path}${asideSuffix}`));
  } catch (error) {
    if (isErrno(error, ...staysBecause)) return;
    throw new WalIoError('name anew', path, error);
  }
  await makeLast(fs, path);
}

/** A mount point; another user's; something is in its way. */
const staysBecause = ['EBUSY', 'EACCES', 'EPERM', 'EROFS', 'EXDEV', 'EEXIST', 'ENOTEMPTY', 'ENOTDIR'];

/** `undefined` when there is no such directory. One that may not be read is somebody else's, and in use. */
async function namesIn(fs: FileSystem, path: string): Promise<string[] | undefined> {
  try {
    return await uninterrupted(() => fs.readdir(path));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    if (isErrno(error, 'EACCES', 'EPERM')) return ['?'];
    throw new WalIoError('list', path, error);
  }
}

/** An ancestor that may not be opened is passed over: its names are not this program's. */
async function syncNames(fs: FileSystem, path: string): Promise<void> {
  try {
    await syncDirectory(fs, path);
  } catch (error) {
    if (!(error instanceof WalIoError && isErrno(error.cause, 'EACCES', 'EPERM'))) throw error;
  }
}

/** Makes the names in a directory durable: which there are, and which there are no longer. */
export async function syncDirectory(fs: FileSystem, path: string): Promise<void> {
  await withFile(fs, path, async (handle) => {
    try {
      await handle.sync();
    } catch (error) {
      throw new WalIoError('sync the directory', path, error);
    }
  });
}

/** `undefined` above the root. */
function parentOf(path: string): string | undefined {
  return ancestorsOf(path).at(-1);
}

/** `/`, `/a`, `/a/b` for `/a/b/c`. */
function ancestorsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, count) => `/${parts.slice(0, count).join('/')}`);
}
