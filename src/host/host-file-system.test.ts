import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFileSystemConformance } from '../ports/file-system.conformance.ts';
import { hostFileSystem } from './host-file-system.ts';

describeFileSystemConformance({
  name: 'the kernel of this machine',
  create: async () => {
    const root = await mkdtemp(join(tmpdir(), 'stemedb-conformance-'));
    return { fs: hostFileSystem, root, dispose: () => rm(root, { recursive: true }) };
  },
});
