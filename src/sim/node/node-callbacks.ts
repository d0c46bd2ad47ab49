import type { OpenFlags } from '../../ports/index.ts';
import type { NodeData, NodeEncoding, NodeFileHandle } from './node-file-handle.ts';
import type { NodePath } from './node-path.ts';
import type { NodePromises } from './node-promises.ts';

type Callback = (error: unknown, ...results: unknown[]) => void;
type WithCallback = (...args: unknown[]) => void;

/** Functions that are the same in both styles. */
const byPath = [
  'truncate',
  'copyFile',
  'rename',
  'unlink',
  'rmdir',
  'rm',
  'mkdir',
  'mkdtemp',
  'readdir',
  'stat',
  'lstat',
  'realpath',
  'access',
  'chmod',
  'chown',
  'utimes',
] as const;

/** The functions of `node:fs` that take a callback, by name. Those that end in `Sync` are not simulated. */
export function nodeCallbacks(promises: NodePromises): Readonly<Record<string, WithCallback>> {
  const fileOf = (file: number | NodePath): NodePath | NodeFileHandle =>
    typeof file === 'number' ? promises.handleOf(file) : file;
  const same = Object.fromEntries(
    byPath.map((name) => {
      const call = promises[name].bind(promises) as (...args: unknown[]) => Promise<unknown>;
      return [name, withCallback(async (...args) => [await call(...args)])];
    }),
  );
  const onDescriptor = (call: (file: NodeFileHandle, ...args: never[]) => Promise<unknown[]>): WithCallback =>
    withCallback((fd, ...args) => call(promises.handleOf(fd as number), ...(args as never[])));
  return {
    ...same,
    open: withCallback(async (path, flags) => [
      (await promises.open(path as NodePath, (flags ?? 'r') as OpenFlags)).fd,
    ]),
    close: onDescriptor(async (file) => [await file.close()]),
    fsync: onDescriptor(async (file) => [await file.sync()]),
    fdatasync: onDescriptor(async (file) => [await file.datasync()]),
    ftruncate: onDescriptor(async (file, length?: number) => [await file.truncate(length)]),
    fstat: onDescriptor(async (file) => [await file.stat()]),
    fchmod: onDescriptor(async (file) => [await file.chmod()]),
    fchown: onDescriptor(async (file) => [await file.chown()]),
    futimes: onDescriptor(async (file) => [await file.utimes()]),
    read: onDescriptor(async (file, ...args: Parameters<NodeFileHandle['read']>) => {
      const { bytesRead, buffer } = await file.read(...args);
      return [bytesRead, buffer];
    }),
    write: onDescriptor(async (file, ...args: Parameters<NodeFileHandle['write']>) => {
      const { bytesWritten, buffer } = await file.write(...args);
      return [bytesWritten, buffer];
    }),
    readFile: withCallback(async (file, options) => [
      await promises.readFile(fileOf(file as NodePath), options as NodeEncoding),
    ]),
    writeFile: withCallback(async (file, data, options) => [
      await promises.writeFile(fileOf(file as NodePath), data as NodeData, options as BufferEncoding),
    ]),
    appendFile: withCallback(async (file, data, options) => [
      await promises.appendFile(fileOf(file as NodePath), data as NodeData, options as BufferEncoding),
    ]),
    exists: (...args) => {
      const tell = args.pop() as (exists: boolean) => void;
      void promises.access(args[0] as NodePath).then(
        () => tell(true),
        () => tell(false),
      );
    },
  };
}

/** The last argument hears of the results; what it throws is a rejection that nobody handles. */
function withCallback(call: (...args: unknown[]) => Promise<unknown[]>): WithCallback {
  return (...args) => {
    const callback = args.pop() as Callback;
    if (typeof callback !== 'function') throw new TypeError('The last argument must be a callback.');
    // Not in one chain: an error of the callback is not the call's.
    const settled = call(...args).then(
      (results) => () => callback(null, ...results),
      (error: unknown) => () => callback(error),
    );
    void settled.then((tell) => tell());
  };
}
