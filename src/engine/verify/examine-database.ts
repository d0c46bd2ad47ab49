import type { Ports } from '../../ports/index.ts';
import { layoutOf } from '../layout.ts';
import { decodeLogOffset } from '../log-offset.ts';
import { cursorKey, type Hash, type IdentityOf, wholeHash } from '../model/index.ts';
import { type ClaimsPicture, examineClaims } from './examine-claims.ts';
import { examineLog, type LogPicture } from './examine-log.ts';
import { examineStore, type StorePicture } from './examine-store.ts';
import { damageOf, type Report } from './finding.ts';

export interface DatabaseExamination {
  /** Absolute. */
  readonly directory: string;
  /**
   * `claims`: everything, to the last byte, with all signatures. `structure`: no blocks of runs and no
   * claims; what a look at the layout needs.
   */
  readonly depth: 'structure' | 'claims';
  /** As the database was opened with. */
  readonly identityOf?: IdentityOf;
  /** Hears of each claim that is there, in the store or still waiting in the log; of some perhaps twice. */
  readonly onClaim?: (hash: Hash) => void;
}

/** A database as its files have it. */
export interface DatabasePicture {
  readonly log: LogPicture;
  readonly store: Omit<StorePicture, 'content'>;
  /** How far the store has ingested the log; `undefined` when the store cannot be read. */
  readonly cursor: number | undefined;
  /** `undefined` unless it was asked for, and when what it rests on is damaged. */
  readonly claims: ClaimsPicture | undefined;
}

type ExaminationPorts = Pick<Ports, 'fs' | 'scheduler' | 'signatures'>;

/**
 * Looks at a database that nobody has open, changes nothing, and reports whatever is wrong with it: all of
 * it, not only the first. While somebody writes, what is just being written looks torn.
 */
export async function examineDatabase(
  ports: ExaminationPorts,
  { directory, depth, identityOf = wholeHash, onClaim }: DatabaseExamination,
  report: Report,
): Promise<DatabasePicture> {
  const { fs, scheduler, signatures } = ports;
  const { store: storePath, log: logPath } = layoutOf(directory);
  const withBlocks = depth === 'claims';
  const { content, ...store } = await examineStore(
    { fs, scheduler, directory: storePath, withBlocks },
    report,
  );
  try {
    const stored = await content?.get(cursorKey);
    const cursor = stored === undefined ? 0 : decodeLogOffset(stored);
    const log = await examineLog(fs, logPath, { checkpoint: cursor, neededFrom: cursor }, report);
    const picture = { log, store, cursor: content === undefined ? undefined : cursor };
    if (!withBlocks || content === undefined || log.judgement === undefined) {
      return { ...picture, claims: undefined };
    }
    const claims = await examineClaims(
      { fs, signatures, storePath, logPath, store: content, log: log.judgement, cursor, identityOf, onClaim },
      report,
    );
    return { ...picture, claims };
  } catch (error) {
    report(damageOf(error, storePath));
    throw error;
  } finally {
    await content?.close();
  }
}
