import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A forbidden line for each rule of docs/architecture.md, and where it would stand. */
const forbidden: readonly (readonly [file: string, line: string])[] = [
  ['src/ports/x.ts', "import { a } from '../engine/index.ts';"],
  ['src/ports/x.ts', "import type { A } from '../sim/index.ts';"],
  ['src/ports/x.ts', "import { a } from 'node:fs';"],
  ['src/crypto/x.ts', "import { a } from '../engine/index.ts';"],
  ['src/engine/wal/x.ts', "import { a } from '../../sim/index.ts';"],
  ['src/engine/wal/x.ts', "import type { A } from '../../host/index.ts';"],
  ['src/engine/wal/x.ts', "import { a } from '../../check/index.ts';"],
  ['src/engine/wal/x.ts', "import { a } from 'node:fs/promises';"],
  ['src/sim/disk/x.ts', "import { a } from '../../engine/index.ts';"],
  ['src/sim/x.ts', "import { a } from '../host/index.ts';"],
  ['src/host/x.ts', "import { a } from '../engine/index.ts';"],
  ['src/host/x.ts', "import { a } from '../sim/index.ts';"],
  ['src/check/x.ts', "import { a } from '../engine/index.ts';"],
  ['src/check/x.ts', "import { a } from '../sim/index.ts';"],
  ['src/check/x.ts', "import { a } from 'node:fs';"],
  ['src/arena/x.ts', "import { a } from '../explore/index.ts';"],
  ['src/arena/x.ts', "import { a } from '../host/index.ts';"],
  ['src/explore/x.ts', "import { a } from '../report/index.ts';"],
  ['src/explore/x.ts', "import { a } from '../host/index.ts';"],
  ['src/report/x.ts', "import { a } from '../sim/index.ts';"],
  ['src/report/x.ts', "import { a } from '../cli/index.ts';"],
  ['src/dashboard/x.ts', "import { a } from '../engine/index.ts';"],
  ['arenas/x.ts', "import { a } from '../src/engine/wal/index.ts';"],
  ['arenas/x.ts', "import { a } from 'node:fs';"],
  ['src/engine/x.ts', 'export const a = Date.now();'],
  ['src/engine/x.ts', 'export const a = Math.random();'],
  ['src/engine/x.ts', 'setTimeout(() => undefined, 1);'],
  ['src/sim/x.ts', 'export const a = performance.now();'],
  ['src/check/x.ts', 'export const a = (b: string) => b.localeCompare("");'],
  ['src/arena/x.ts', 'export const a = process.env;'],
  ['arenas/x.ts', 'export const a = new Date();'],
];

/** The same shapes where they are allowed: the rules refuse what they must and nothing else. */
const allowed: readonly (readonly [file: string, line: string])[] = [
  ['src/engine/wal/x.ts', "import { a } from '../../ports/index.ts';\nexport const b = a;"],
  ['src/engine/wal/x.ts', "import { a } from '../../crypto/index.ts';\nexport const b = a;"],
  ['src/engine/wal/x.test.ts', "import { a } from '../../sim/index.ts';\nexport const b = a;"],
  ['src/sim/x.ts', "import { a } from '../ports/index.ts';\nexport const b = a;"],
  ['src/host/x.ts', "import { a } from 'node:fs';\nexport const b = a;"],
  ['src/arena/x.ts', "import { a } from '../sim/index.ts';\nexport const b = a;"],
  ['src/report/x.ts', "import type { A } from '../explore/index.ts';\nexport type B = A;"],
  ['arenas/x.ts', "import { a } from '../src/index.ts';\nexport const b = a;"],
];

const root = path.resolve(import.meta.dirname, '..');
let sandbox: string;

beforeAll(() => {
  sandbox = mkdtempSync(path.join(tmpdir(), 'stemedb-import-rules-'));
  cpSync(path.join(root, '.oxlintrc.json'), path.join(sandbox, '.oxlintrc.json'));
  symlinkSync(path.join(root, 'node_modules'), path.join(sandbox, 'node_modules'));
});
afterAll(() => rmSync(sandbox, { recursive: true }));

describe('the rules between rooms', () => {
  for (const [file, line] of forbidden) {
    it(`refuse in ${file}: ${line}`, () => {
      expect(complaints(file, line)).toMatch(/no-restricted-(imports|globals|properties)/);
    });
  }
  for (const [file, line] of allowed) {
    it(`allow in ${file}: ${line.split('\n')[0]}`, () => {
      expect(complaints(file, line)).toBe('');
    });
  }
});

/** What the linter says about `text` if it stood in `file`; nothing when it is content. */
function complaints(file: string, text: string): string {
  const target = path.join(sandbox, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, `${text}\n`);
  try {
    const args = [path.join(root, 'node_modules/oxlint/bin/oxlint'), '-f', 'unix', file];
    execFileSync(process.execPath, args, { cwd: sandbox, encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  } finally {
    rmSync(target);
  }
}
