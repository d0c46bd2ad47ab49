/**
 * The names in an order that depends on them alone and is neither sorted nor that of creation, as with
 * the hashed directories of ext4: who relies on an order of `readdir` shall notice.
 */
export function inHashOrder(names: Iterable<string>): string[] {
  const hashed = Array.from(names, (name) => ({ name, hash: hashOf(name) }));
  hashed.sort((one, other) => one.hash - other.hash || (one.name < other.name ? -1 : 1));
  return hashed.map(({ name }) => name);
}

/** FNV-1a over UTF-16 units, finished as in MurmurHash3. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
