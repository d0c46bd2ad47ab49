import fs from 'node:fs/promises';
import type { FileSystem } from '../ports/index.ts';

/** Node's own promises API: the port is a structural subset of it, which this line has the compiler prove. */
export const hostFileSystem: FileSystem = fs;
