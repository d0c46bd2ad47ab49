import { type Base, directory, signatures } from './base.ts';
import { type DamageName, damageNames, damages } from './damages.ts';
import { Dice } from './dice.ts';
import { openAndRead, type Outcome } from './examine.ts';
import { judge, judgeSame, judgeUntouched, type Tolerance } from './judge.ts';
import { Laboratory, ViolationError } from './laboratory.ts';
import { type Files, readFiles, replaceFiles } from './files.ts';
import { pathsOf, type Target, targets } from './targets.ts';

/** One damaged database, as it was decided before it is opened. */
export interface FuzzCase {
  readonly number: number;
  readonly base: Base;
  readonly damages: readonly AppliedDamage[];
  readonly files: Files;
  /** Decides what is random while it is open. */
  readonly dice: Dice;
}

export interface AppliedDamage {
  readonly target: Target;
  readonly damage: DamageName;
  readonly path: string;
  /** `to 12 of 4096 bytes` */
  readonly what: string;
}

export interface CaseResult {
  /** `whole`, `shorter` (a clean recovery to an earlier state), the code of the error, or `violation`. */
  readonly outcome: string;
  readonly violation: ViolationError | undefined;
  /** Calls of the opening that made most. */
  readonly calls: number;
}

/** Of so many cases, one does several things. */
const severalIn = 6;

/** Of so many damages, one is a forgery for certain: only those get past the checksums. */
const forgedIn = 5;

/** The case of this number: equal for equal seeds. */
export function makeCase(bases: readonly Base[], seed: string, number: number): FuzzCase {
  const dice = new Dice(`${seed}|${number}`);
  const base = dice.pick(bases);
  const files = new Map(base.files);
  const count = dice.below(severalIn) === 0 ? dice.between(2, 3) : 1;
  const applied: AppliedDamage[] = [];
  while (applied.length < count && files.size > 0) {
    const target = dice.pick(targets.filter((each) => pathsOf(files, each).length > 0));
    const path = dice.pick(pathsOf(files, target));
    const damage = dice.below(forgedIn) === 0 ? 'forge a field' : dice.pick(damageNames);
    const what = damages[damage]({ base, files, dice }, path);
    if (what !== undefined) applied.push({ target, damage, path, what });
  }
  return { number, base, damages: applied, files, dice };
}

/** Opens it, twice, and judges what it has become. Never rejects for what is in the files. */
export async function playCase(fuzzCase: FuzzCase): Promise<CaseResult> {
  const { base, files, dice } = fuzzCase;
  const disk = base.disk.fork();
  replaceFiles(disk, base.files, files);
  const laboratory = new Laboratory(disk, dice, signatures);
  try {
    const first = await openAndRead(laboratory, base.config);
    const tolerance = toleranceOf(fuzzCase);
    if (first.kind === 'opened') judge(base, first.holdings, tolerance);
    else judgeUntouched(first, files, readFiles(disk, directory));
    judgeSame(first, await openAndRead(laboratory, base.config));
    const isOfLog = fuzzCase.damages.every(({ target }) => target === 'wal');
    if (first.kind === 'refused' && isOfLog && tolerance !== 'anything') await repair(fuzzCase, laboratory);
    return { outcome: nameOf(first, base), violation: undefined, calls: laboratory.callsMost };
  } catch (error) {
    if (!(error instanceof ViolationError)) throw error;
    return { outcome: 'violation', violation: error, calls: laboratory.callsMost };
  }
}

/**
 * A log that was refused has lost nothing by that, and the store that goes with it neither: with the
 * damaged files back as they were, it opens and is whole.
 */
async function repair({ base, files }: FuzzCase, laboratory: Laboratory): Promise<void> {
  const refused = readFiles(laboratory.disk, directory);
  const repaired = new Map(refused);
  for (const path of files.keys()) if (!base.files.has(path)) repaired.delete(path);
  for (const [path, bytes] of base.files) if (files.get(path) !== bytes) repaired.set(path, bytes);
  replaceFiles(laboratory.disk, refused, repaired);
  const outcome = await openAndRead(laboratory, base.config);
  if (outcome.kind === 'refused') {
    throw new ViolationError(`repaired, it is refused all the same: ${outcome.message}`);
  }
  judge(base, outcome.holdings, 'nothing');
}

/** What the contract allows to be lost: see src/engine/wal/README.md. */
export function toleranceOf({ base, damages }: FuzzCase): Tolerance {
  const [first, ...others] = damages;
  if (damages.some(({ damage }) => damage === 'forge a field')) return 'anything';
  if (others.length > 0 || first?.damage === 'swap with another') return 'the last claims';
  if (first?.damage === 'flip one bit') return base.isClosed ? 'nothing' : 'the last claim';
  return base.isClosed && base.isIngested ? 'nothing' : 'the last claims';
}

function nameOf(outcome: Outcome, base: Base): string {
  if (outcome.kind === 'refused') return outcome.code;
  return outcome.holdings.claims.size === base.claims.length ? 'whole' : 'shorter';
}
