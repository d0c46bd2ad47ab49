import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostEntropy } from './host-entropy.ts';
import { readOrCreateSecretKey } from './secret-key-file.ts';

let root: string;
let keys: string;
const entropy = new HostEntropy();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'stemedb-keys-'));
  keys = `${root}/keys`;
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

describe('the file of a secret key', () => {
  it('is made once, and read from then on', async () => {
    const made = await readOrCreateSecretKey(keys, 'alice', entropy);
    expect(made).toHaveLength(32);
    expect(await readOrCreateSecretKey(keys, 'alice', entropy)).toEqual(made);
    expect(await readOrCreateSecretKey(keys, 'bob', entropy)).not.toEqual(made);
    expect((await readdir(keys)).toSorted()).toEqual(['alice.key', 'bob.key']);
  });

  it('is for its owner alone, and so is its directory', async () => {
    await readOrCreateSecretKey(keys, 'alice', entropy);
    expect((await stat(`${keys}/alice.key`)).mode & 0o777).toBe(0o600);
    expect((await stat(keys)).mode & 0o777).toBe(0o700);
    expect(await readFile(`${keys}/alice.key`, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('is refused when others can read it, with the command that mends that', async () => {
    await readOrCreateSecretKey(keys, 'alice', entropy);
    await chmod(`${keys}/alice.key`, 0o640);
    await expect(readOrCreateSecretKey(keys, 'alice', entropy)).rejects.toMatchObject({
      code: 'STEME_KEY_FILE',
      message: `${keys}/alice.key can be read by others (mode 0640): run "chmod 600 ${keys}/alice.key".`,
    });
  });

  it.each([
    ['is empty', ''],
    ['was cut short', `${'ab'.repeat(31)}\n`],
    ['has another digit', `${'ab'.repeat(31)}xy\n`],
    ['has upper case', `${'AB'.repeat(32)}\n`],
    ['goes on', `${'ab'.repeat(32)}\nmore`],
  ])('is refused and left alone when it %s', async (_, content) => {
    await readOrCreateSecretKey(keys, 'alice', entropy);
    await writeFile(`${keys}/alice.key`, content);
    await expect(readOrCreateSecretKey(keys, 'alice', entropy)).rejects.toMatchObject({
      code: 'STEME_KEY_FILE',
    });
    expect(await readFile(`${keys}/alice.key`, 'utf8')).toBe(content);
  });
});
