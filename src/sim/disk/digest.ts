import { directoryAt, type DiskState, rootNumber } from './disk-state.ts';
import type { FileNode } from './file-node.ts';

/**
 * A digest of the volatile image: names, kinds, sizes, contents. A hole and zeros that were written are
 * the same. Two lanes of 32 bits, each with the finalizer of MurmurHash3 per word; no cryptography.
 */
export function digestOf(state: DiskState): string {
  const lanes = new Lanes();
  addDirectory(state, rootNumber, lanes);
  return lanes.toString();
}

function addDirectory(state: DiskState, number: number, lanes: Lanes): void {
  const { entries } = directoryAt(state, number);
  lanes.add(entries.size);
  for (const name of [...entries.keys()].sort()) {
    const node = state.nodes.get(entries.get(name) ?? 0);
    lanes.add(name.length);
    for (let index = 0; index < name.length; index++) lanes.add(name.charCodeAt(index));
    if (node?.kind === 'file') addFile(node, lanes);
    else if (node !== undefined) addDirectory(state, node.number, lanes);
  }
}

function addFile(file: FileNode, lanes: Lanes): void {
  lanes.add(-1);
  lanes.add(file.size % 2 ** 32);
  lanes.add(Math.floor(file.size / 2 ** 32));
  for (const index of file.pages.indexes()) {
    const page = file.pages.page(index);
    if (page === undefined || page.every((byte) => byte === 0)) continue;
    lanes.add(index);
    lanes.addBytes(page);
  }
}

class Lanes {
  #one = 0x9747b28c;
  #other = 0x1b873593;

  add(word: number): void {
    this.#one = mix(this.#one ^ word, 0x85ebca6b);
    this.#other = mix(this.#other + word, 0xc2b2ae35);
  }

  /** `bytes.length` must be a multiple of four. */
  addBytes(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 4) {
      this.add(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    }
  }

  toString(): string {
    return [this.#one, this.#other].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

function mix(value: number, multiplier: number): number {
  const product = Math.imul(value ^ (value >>> 15), multiplier);
  return (product ^ (product >>> 13)) + 0x9e3779b9;
}
