import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

describe('the package, as npm packs it', () => {
  let home: string;
  let tarball: Buffer;

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'stemedb-sim-package-'));
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', home];
    const name = execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim();
    tarball = readFileSync(path.join(home, name));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  it('has everything that its manifest names, where it says', async () => {
    const { messages } = await publint({ pack: { tarball: arrayBuffer(tarball) } });
    expect(messages).toEqual([]);
  });

  it('has the types that its modules have, for all who import it from modules', async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball));
    if (result.types === false) throw new Error('There are no types.');
    expect(Object.keys(result.entrypoints)).toEqual(
      expect.arrayContaining(['.', './vitest', './scenario.schema.json']),
    );
    // Who still uses CommonJS, or resolves as Node 10 did, is not asked.
    const problems = result.problems.filter(
      (problem) => !('resolutionKind' in problem && /^node10$|-cjs$/.test(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
  });
});

/** A buffer may be a part of a larger one. */
function arrayBuffer(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer;
}
