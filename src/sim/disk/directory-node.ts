import type { Owner } from './owner.ts';

/** A directory; its entries are the volatile ones, what lookups see. */
export class DirectoryNode {
  readonly kind = 'directory';
  readonly number: number;
  /** The directory that holds this one; the root holds itself. */
  parent: number;
  /** Its newest name; it stays when the name goes. */
  name = '';
  links = 0;
  opens = 0;
  mentions = 0;
  namedAt = 0;
  /** When its entries last changed. */
  changedAt = 0;
  #entries: Map<string, number>;
  #owner: Owner;

  constructor(number: number, parent: number, owner: Owner, entries: Map<string, number> = new Map()) {
    this.number = number;
    this.parent = parent;
    this.#owner = owner;
    this.#entries = entries;
  }

  /** Node numbers by name. */
  get entries(): ReadonlyMap<string, number> {
    return this.#entries;
  }

  /** Sets an entry, or with `undefined` removes it. Entries made under another owner are copied first. */
  setEntry(name: string, node: number | undefined, owner: Owner): void {
    if (this.#owner !== owner) {
      this.#entries = new Map(this.#entries);
      this.#owner = owner;
    }
    if (node === undefined) this.#entries.delete(name);
    else this.#entries.set(name, node);
  }

  /** A copy for another disk. The owners of both must be new from here on. */
  fork(): DirectoryNode {
    const copy = new DirectoryNode(this.number, this.parent, this.#owner, this.#entries);
    copy.name = this.name;
    copy.links = this.links;
    copy.mentions = this.mentions;
    copy.namedAt = this.namedAt;
    copy.changedAt = this.changedAt;
    return copy;
  }
}
