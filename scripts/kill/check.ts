import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fromHex, nodeSignatures, toHex } from '../../src/crypto/index.ts';
import { StemeDB } from '../../src/engine/index.ts';
import { examineDatabase } from '../../src/engine/verify/index.ts';
import { hostPorts } from '../../src/host/index.ts';

/** What is wrong with a database; nothing when it is as it must be. */
export type Complaints = readonly string[];

/**
 * Looks at the files as the kill has left them, without touching them: every claim that was acknowledged
 * must be in the store or in the log, and nothing may be damaged. Signatures are left to `verify`.
 */
export async function checkFiles(directory: string, acknowledged: ReadonlySet<string>): Promise<Complaints> {
  const complaints: string[] = [];
  const found = new Set<string>();
  const ports = { ...hostPorts(), signatures: { ...nodeSignatures, verify: () => true } };
  const onClaim = (hash: Uint8Array): void => void found.add(toHex(hash));
  const picture = await examineDatabase(ports, { directory, depth: 'claims', onClaim }, (finding) => {
    if (finding.severity === 'damage') complaints.push(`${finding.path}: ${finding.reason}`);
  });
  if (picture.claims === undefined && acknowledged.size > 0) complaints.push('the claims could not be read');
  return [...complaints, ...missing(acknowledged, found)];
}

/** `stemedb verify`: every byte, every signature. */
export async function checkByVerify(bin: string, directory: string): Promise<Complaints> {
  try {
    await promisify(execFile)(process.execPath, [bin, 'verify', '--data', directory]);
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return [`stemedb verify: ${stdout}${stderr}`];
  }
}

/** Opens the database and asks it for each claim by its hash. */
export async function checkByReading(
  directory: string,
  acknowledged: ReadonlySet<string>,
): Promise<Complaints> {
  const db = await StemeDB.open(hostPorts(), { directory });
  try {
    await db.waitUntilOffset(db.durableOffset);
    const found = new Set<string>();
    for (const hash of acknowledged) {
      const bytes = fromHex(hash);
      if (bytes !== undefined && (await db.get(bytes)) !== undefined) found.add(hash);
    }
    return missing(acknowledged, found);
  } finally {
    await db.close();
  }
}

function missing(acknowledged: ReadonlySet<string>, found: ReadonlySet<string>): string[] {
  const lost = [...acknowledged].filter((hash) => !found.has(hash));
  return lost.length === 0 ? [] : [`${lost.length} acknowledged claims are lost, the first is ${lost[0]}`];
}
