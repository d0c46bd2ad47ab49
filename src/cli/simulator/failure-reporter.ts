import { writeFile } from 'node:fs/promises';
import type {
  Catalogue,
  Examiner,
  MinimizeProgress,
  Replayed,
  RunFile,
  RunRecord,
} from '../../explore/index.ts';
import type { Style } from '../../report/index.ts';
import { invocation } from '../invocation.ts';
import type { Printer } from './printer.ts';

/** A longer run is reported without its trace, which would not fit into memory. */
const stepsTraced = 200_000;

export interface FailureReporterOptions {
  readonly catalogue: Catalogue;
  readonly examiner: Examiner;
  readonly printer: Printer;
  readonly output: string;
  readonly runs: number;
  readonly style: Style;
  readonly minimize: boolean;
  /** Threads that a minimizer plays in. */
  readonly jobs: number;
  /** Lets the campaign go on while a failure is explained. */
  readonly isInBackground: boolean;
  /** For those who want to read of it. */
  show(text: string): void;
  /** The first failure of a signature. */
  explain(file: RunFile, replay: string, page: string): void;
  /** Hears what becomes of a failure. */
  onNews?(signature: string, news: FailureNews): void;
}

/** More is known of a failure. */
export interface FailureNews {
  readonly stage: 'found' | 'minimizing' | 'explained';
  readonly file: RunFile;
  readonly progress?: MinimizeProgress;
  readonly commands: FailureCommands;
}

interface FailureCommands {
  readonly replay: string;
  readonly keep: string | undefined;
  /** Its page. */
  readonly open: string;
}

interface KeptRun {
  readonly file: RunFile;
  readonly path: string;
}

/** Shows the first failure of each signature in full, with a file to replay; counts the others. */
export class FailureReporter {
  readonly #options: FailureReporterOptions;
  readonly #repeats = new Map<string, number>();
  #pending = Promise.resolve();
  #isHurried = false;
  /** A minimizer has seen one tape lead to two runs. */
  isDivergent = false;

  constructor(options: FailureReporterOptions) {
    this.#options = options;
  }

  async add(record: RunRecord): Promise<void> {
    const signature = record.signature ?? record.verdict;
    const known = this.#repeats.get(signature);
    this.#repeats.set(signature, known === undefined ? 0 : known + 1);
    if (known !== undefined) return;
    this.#pending = this.#pending.then(() => this.#report(record, signature));
    if (!this.#options.isInBackground) return this.#pending;
    // Whoever waits in `settle` hears of it.
    this.#pending.catch(() => undefined);
  }

  /** Resolves once every failure so far has been reported. */
  settle(): Promise<void> {
    return this.#pending;
  }

  /** From now on failures are reported as they are. */
  hurry(): void {
    this.#isHurried = true;
    this.#options.examiner.stopMinimizing();
  }

  /** A line for each failure that came again. */
  async showRepeats(): Promise<void> {
    const { repeatsLine } = await import('../../report/index.ts');
    for (const [signature, repeats] of this.#repeats) {
      if (repeats > 0) this.#options.show(repeatsLine(signature, repeats, this.#options.style));
    }
  }

  /** Plays the run again with everything recorded and writes its file. */
  async keep(record: RunRecord): Promise<KeptRun> {
    const { writeRunFile } = await import('../../explore/index.ts');
    const { examiner, output } = this.#options;
    const file = await examiner.record(record);
    return { file, path: await writeRunFile(output, file) };
  }

  async #report(record: RunRecord, signature: string): Promise<void> {
    const kept = await this.keep(record);
    const commands = commandsFor(record, kept.path);
    const news = (stage: FailureNews['stage'], file: RunFile, progress?: MinimizeProgress): void =>
      this.#options.onNews?.(signature, { stage, file, commands, ...(progress && { progress }) });
    news('found', kept.file);
    const file = await this.#minimized(kept, (progress) => news('minimizing', kept.file, progress));
    const { counterexample, failureBlock, html } = await import('../../report/index.ts');
    const { catalogue, runs, style, show, explain } = this.#options;
    const arena = catalogue.arenas.get(record.arena);
    const kind = arena?.properties.find(({ id }) => id === record.property)?.kind ?? 'safety';
    const { replay, keep, open: page } = commands;
    explain(file, replay, page);
    const replayed = await this.#replayed(file);
    await writeFile(page, html(counterexample({ file, ...replayed, kind, replay })));
    const context = { kind, replay, page, keep, runs: runs === Infinity ? undefined : runs } as const;
    show(`\n${failureBlock(file, context, style)}\n`);
    news('explained', file);
  }

  async #minimized(
    { file, path }: KeptRun,
    onProgress: (progress: MinimizeProgress) => void,
  ): Promise<RunFile> {
    const { minimize, jobs, examiner, printer } = this.#options;
    if (!minimize || this.#isHurried || file.record.verdict !== 'violated') return file;
    const { rewriteRunFile } = await import('../../explore/index.ts');
    const outcome = await examiner.minimize(file, jobs, onProgress);
    if ('file' in outcome) {
      await rewriteRunFile(path, outcome.file);
      return outcome.file;
    }
    if (outcome.isDivergent) this.isDivergent = true;
    printer.complain(outcome.refusal);
    return file;
  }

  async #replayed(file: RunFile): Promise<Replayed | undefined> {
    const { isHang } = await import('../../explore/index.ts');
    const { steps } = (file.minimized ?? file).record;
    if (steps > stepsTraced || isHang(file.record)) return undefined;
    return this.#options.examiner.replay(file);
  }
}

function commandsFor(record: RunRecord, path: string): FailureCommands {
  const command = invocation('stemedb-sim');
  return {
    replay: `${command} replay ${path}`,
    keep: record.verdict === 'violated' ? `${command} keep ${path} --name ${record.property}` : undefined,
    open: path.replace(/\.json$/, '.html'),
  };
}
