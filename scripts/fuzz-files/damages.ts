import type { Base } from './base.ts';
import type { Dice } from './dice.ts';
import { forge } from './forge.ts';
import { pathsOf, type Target, targetOf } from './targets.ts';

/** What there is to damage. */
export interface Damaging {
  readonly base: Base;
  /** Changed by the damage. Arrays are replaced, never written to. */
  readonly files: Map<string, Uint8Array>;
  readonly dice: Dice;
}

/**
 * Does its worst to the file at `path` and says in a few words what that was; `undefined` when there is
 * nothing to be done to this one.
 */
type Damage = (damaging: Damaging, path: string) => string | undefined;

/** Whatever may become of a file, by the name it has in the table. */
export const damages = {
  'flip one bit': (damaging, path) => edit(damaging, path, (bytes, dice) => flip(bytes, dice, 1)),

  'flip bits': (damaging, path) =>
    edit(damaging, path, (bytes, dice) => flip(bytes, dice, dice.between(2, 64))),

  truncate: ({ files, dice }, path) => {
    const bytes = files.get(path)!;
    if (bytes.length === 0) return undefined;
    const length = dice.pick([
      dice.below(bytes.length),
      Math.max(0, bytes.length - dice.length(bytes.length)),
    ]);
    files.set(path, bytes.slice(0, length));
    return `to ${length} of ${bytes.length} bytes`;
  },

  extend: ({ files, dice }, path) => {
    const more = dice.pick([0, 1]) === 0 ? dice.bytes(dice.length(8192)) : new Uint8Array(dice.length(8192));
    files.set(path, joined(files.get(path)!, more));
    return `by ${more.length} bytes`;
  },

  'zero a range': (damaging, path) => overwrite(damaging, path, (length) => new Uint8Array(length)),

  'scramble a range': (damaging, path) => overwrite(damaging, path, (length) => damaging.dice.bytes(length)),

  'misdirect a range': (damaging, path) => {
    const { files, dice } = damaging;
    const from = files.get(dice.pick([...files.keys()]))!;
    return overwrite(damaging, path, (length, at) => {
      // At its own place as often as at another one, and at the edge of a sector as often as within.
      const source = dice.pick([at, dice.below(from.length + 1), 512 * dice.below(from.length / 512 + 1)]);
      return from.slice(source, source + length);
    });
  },

  'swap sectors': (damaging, path) =>
    edit(damaging, path, (bytes, dice) => {
      const sectors = Math.floor(bytes.length / 512);
      if (sectors < 2) return undefined;
      const one = 512 * dice.below(sectors);
      const other = 512 * dice.below(sectors);
      const kept = bytes.slice(one, one + 512);
      bytes.copyWithin(one, other, other + 512);
      bytes.set(kept, other);
      return `at ${one} and ${other}`;
    }),

  'swap with another': ({ files, dice }, path) => {
    const other = dice.pick([...files.keys()]);
    const bytes = files.get(path)!;
    files.set(path, files.get(other)!);
    files.set(other, bytes);
    return `with ${other}`;
  },

  'replace by another': ({ files, dice }, path) => {
    const other = dice.pick([...files.keys()]);
    files.set(path, files.get(other)!);
    return `by ${other}`;
  },

  'replace by noise': ({ files, dice }, path) => {
    const length = dice.pick([files.get(path)!.length, dice.length(65_536)]);
    files.set(path, dice.bytes(length));
    return `of ${length} bytes`;
  },

  'bring back an earlier state': ({ base, files }, path) => {
    const earlier = base.earlier.get(path);
    if (earlier === undefined || earlier.length === files.get(path)!.length) return undefined;
    files.set(path, earlier);
    return `of ${earlier.length} bytes`;
  },

  'bring back a removed file': ({ base, files, dice }, path) => {
    const removed = pathsOf(base.earlier, targetOf(path)).filter((each) => !files.has(each));
    if (removed.length === 0) return undefined;
    const back = dice.pick(removed);
    files.set(back, base.earlier.get(back)!);
    return back;
  },

  delete: ({ files }, path) => {
    files.delete(path);
    return 'it';
  },

  'copy to another name': ({ files, dice }, path) => {
    const name = neighbour(path, dice);
    files.set(name, files.get(path)!);
    return `to ${name}`;
  },

  'use up the numbers': ({ files, dice }, path) => {
    const target = targetOf(path);
    const name = renumbered(path, numbersMax[target] - dice.below(3));
    files.set(name, dice.pick([files.get(path)!, dice.bytes(dice.length(4096))]));
    return `by ${name}`;
  },

  'add noise': ({ files, dice }, path) => {
    const name = neighbour(path, dice);
    const length = dice.length(16_384);
    files.set(name, dice.bytes(length));
    return `of ${length} bytes as ${name}`;
  },

  'forge a field': ({ base, files, dice }, path) => {
    // In a file that is damaged already there would be no telling where the fields are.
    const bytes = base.files.get(path);
    const forged = bytes && files.get(path) === bytes ? forge(targetOf(path), bytes, dice) : undefined;
    if (forged === undefined) return undefined;
    files.set(path, forged.bytes);
    return forged.what;
  },
} as const satisfies Readonly<Record<string, Damage>>;

export type DamageName = keyof typeof damages;

export const damageNames = Object.keys(damages) as readonly DamageName[];

/** A copy of the content, changed in place by `change`, which says what it did. */
function edit(
  { files, dice }: Damaging,
  path: string,
  change: (bytes: Uint8Array, dice: Dice) => string | undefined,
): string | undefined {
  const bytes = files.get(path)!.slice();
  if (bytes.length === 0) return undefined;
  const what = change(bytes, dice);
  files.set(path, bytes);
  return what;
}

function flip(bytes: Uint8Array, dice: Dice, count: number): string {
  const places: string[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const at = dice.below(bytes.length);
    const bit = dice.below(8);
    bytes[at]! ^= 1 << bit;
    places.push(`${at}.${bit}`);
  }
  return `at ${places.join(' ')}`;
}

/** Ranges begin anywhere, or where a sector does. */
function overwrite(
  damaging: Damaging,
  path: string,
  content: (length: number, at: number) => Uint8Array,
): string | undefined {
  return edit(damaging, path, (bytes, dice) => {
    const place = dice.below(bytes.length);
    const at = dice.below(2) === 0 ? place : place - (place % 512);
    const written = content(dice.length(bytes.length - at), at).subarray(0, bytes.length - at);
    bytes.set(written, at);
    return `${written.length} bytes at ${at}`;
  });
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}

/** A name of the same kind with a neighbour's number. */
function neighbour(path: string, dice: Dice): string {
  const { number } = partsOf(path);
  return renumbered(path, Math.max(0, dice.pick([0, 1, number - 1, number + 1, number + 2, number + 1000])));
}

const numbersMax: Record<Target, number> = {
  wal: 999_999_999_999,
  'kv log': 999_999_999_999,
  manifest: 2 ** 32 - 1,
  run: 2 ** 32 - 1,
};

function renumbered(path: string, number: number): string {
  const { before, digits, after } = partsOf(path);
  return `${before}${String(number).padStart(digits, '0')}${after}`;
}

/** A path around the first number in its last part. */
function partsOf(path: string): { before: string; number: number; digits: number; after: string } {
  const [, before = '', digits = '', after = ''] = /^(.*\/\D*)(\d+)([^/]*)$/.exec(path) ?? [];
  return { before, number: Number(digits), digits: digits.length, after };
}
