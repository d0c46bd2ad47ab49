import { Volume } from 'memfs';
import { describeFileSystemConformance } from '../../ports/file-system.conformance.ts';
import type { FileSystem } from '../../ports/index.ts';

describeFileSystemConformance({
  name: 'memfs',
  create: async () => {
    const volume = Volume.fromJSON({ '/root': null });
    return {
      fs: volume.promises as unknown as FileSystem,
      root: '/root',
      dispose: async () => {},
    };
  },
  knownDifferences: {
    'a name of 256 bytes is too long': 'names have no limit',
    'paths may have dots, double slashes and, for directories, slashes at the end':
      'a path is normalized as text, so that missing/.. is where missing would be',
    'a handle does only what its flags allow': 'a handle opened to write reads',
    'a directory cannot be read, written or truncated, but synced': 'a directory reads as an empty file',
    'nothing is read or written for length 0': 'a write of nothing needs no handle to write with',
    'a closed handle rejects everything with EBADF, and closes once more': 'ERR_OUT_OF_RANGE instead',
    'mkdir recursive returns the first directory it made': 'it returns the last one',
    'rmdir removes an empty directory and nothing else': 'd/. is d',
    'unlink removes a file and no directory': 'f/ is f',
    'stat tells files from directories, and the size': 'f/ is f',
    'rename refuses what does not fit': 'a file replaces a directory',
    'errors are those of Node: code, errno, syscall, path and message': 'a handle opened to write reads',
  },
});
