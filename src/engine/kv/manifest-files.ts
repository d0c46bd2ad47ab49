import { type StoreDirectory, withOpen } from './files.ts';
import { decodeManifest, encodeManifest, type Manifest, manifestBytesMax } from './manifest.ts';
import { manifestName } from './names.ts';

/** What the manifests in a directory come down to. */
export interface ManifestSearch {
  /** The newest one that is whole. */
  readonly manifest: Manifest | undefined;
  /** Newer ones, newest first. */
  readonly torn: readonly TornManifest[];
}

/** What does not read as a manifest: a crash came before it was synced, or else it was damaged since. */
export interface TornManifest {
  readonly name: string;
  readonly reason: string;
}

/**
 * Writes a manifest under its number; it is durable, its name included, when this resolves. Whatever it
 * names must be durable before, and what only older manifests name must stay until after.
 */
export async function writeManifest(directory: StoreDirectory, manifest: Manifest): Promise<void> {
  await withOpen(await directory.create(manifestName(manifest.number)), async (file) => {
    await file.write(encodeManifest(manifest), 0);
    // The one before is removed next: without this a power loss could leave a torn manifest and no other.
    await file.sync();
  });
  // As above, for the name: the old name gone and the new one not yet there would be no manifest at all.
  await directory.syncNames();
}

/** `numbers`: of the manifests that are there, ascending. A read that fails rejects: it is not a torn one. */
export async function findManifest(
  directory: StoreDirectory,
  numbers: readonly number[],
): Promise<ManifestSearch> {
  const torn: TornManifest[] = [];
  for (const number of numbers.toReversed()) {
    const manifest = await readManifest(directory, number);
    if (typeof manifest !== 'string') return { manifest, torn };
    torn.push({ name: manifestName(number), reason: manifest });
  }
  return { manifest: undefined, torn };
}

async function readManifest(directory: StoreDirectory, number: number): Promise<Manifest | string> {
  return withOpen(await directory.open(manifestName(number)), async (file) => {
    const size = await file.size();
    if (size > manifestBytesMax) return 'the file is too long';
    return decodeManifest(await file.read(0, size), number);
  });
}
