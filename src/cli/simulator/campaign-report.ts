import { access, appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CampaignPlan, CampaignSummary, Catalogue, RunFile, RunRecord } from '../../explore/index.ts';
import type { CampaignTally, FailureGroup, SourceLine } from '../../report/index.ts';

export interface CampaignReportOptions {
  readonly catalogue: Catalogue;
  readonly plan: CampaignPlan;
  /** The reporters that were asked for. */
  readonly names: ReadonlySet<string>;
  /** The folder that was asked for, or `undefined` when none was. */
  readonly output: string | undefined;
  readonly folder: string;
  /** The bug that is planted. */
  readonly mutant: string | undefined;
  print(text: string): void;
}

/** What is written once a campaign is over: `summary.json`, `campaign.html`, `junit.xml`, annotations and job summary of GitHub. */
export class CampaignReport {
  readonly #options: CampaignReportOptions;
  readonly #tally: CampaignTally;

  private constructor(options: CampaignReportOptions, tally: CampaignTally) {
    this.#options = options;
    this.#tally = tally;
  }

  static async begin(options: CampaignReportOptions): Promise<CampaignReport> {
    const { CampaignTally } = await import('../../report/index.ts');
    const { catalogue, plan } = options;
    return new CampaignReport(options, new CampaignTally(catalogue.arenas.values(), plan.pairs));
  }

  /** `elapsedMs` is the time since the campaign began. */
  add(record: RunRecord, elapsedMs: number): void {
    this.#tally.add(record, elapsedMs);
  }

  explain(file: RunFile, replay: string, page: string): void {
    explainTo(this.#tally, file, replay, page);
  }

  async finish(summary: CampaignSummary, seconds: number): Promise<void> {
    const { names, output, folder, plan, print } = this.#options;
    const { annotations, jobSummary, junit } = await import('../../report/index.ts');
    if (output !== undefined) {
      await this.#write(folder, 'summary.json', `${JSON.stringify(summary, undefined, 1)}\n`);
      await this.#write(folder, 'campaign.html', await this.#page(summary, seconds));
    }
    if (output !== undefined || names.has('junit')) {
      await this.#write(folder, 'junit.xml', junit(this.#tally));
    }
    if (!names.has('github')) return;
    const sourceOf = await sourceFinder(this.#tally, this.#options.catalogue);
    for (const line of annotations(this.#tally, sourceOf)) print(line);
    const summaryFile = process.env['GITHUB_STEP_SUMMARY'];
    if (summaryFile !== undefined && summaryFile !== '') {
      await appendFile(summaryFile, jobSummary(this.#tally, summary, plan.seed));
    }
  }

  async #page(summary: CampaignSummary, seconds: number): Promise<string> {
    const { campaignHtml } = await import('../../report/index.ts');
    const { folder, mutant, plan } = this.#options;
    return campaignHtml({
      tally: this.#tally,
      summary,
      seed: plan.seed,
      seconds,
      mutant,
      matrix: await matrixIn(folder),
      linkTo: (file) => linkBetween(folder, file),
    });
  }

  async #write(folder: string, name: string, text: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** The page of planted bugs, if somebody has put one there. */
async function matrixIn(folder: string): Promise<string | undefined> {
  for (const name of ['matrix.html', 'mutants.html']) {
    const isThere = await access(path.join(folder, name)).then(
      () => true,
      () => false,
    );
    if (isThere) return name;
  }
  return undefined;
}

/** What a page in `folder` says to lead to `file`. */
function linkBetween(folder: string, file: string): string {
  const parts = path.relative(folder, file).split(path.sep);
  return parts.map(encodeURIComponent).join('/');
}

export function explainTo(
  tally: CampaignTally,
  { record, failure }: RunFile,
  replay: string,
  page?: string,
): void {
  if (record.signature === null || failure === null) return;
  const { message, expected, actual } = failure;
  tally.explain(record.signature, { message, expected, actual, replay, page });
}

/** Says where a property is declared: in its arena, or, if that does not name it, at the arena's first line. */
export async function sourceFinder(
  tally: CampaignTally,
  { project }: Catalogue,
): Promise<(failure: FailureGroup) => SourceLine> {
  const { packageRoot } = await import('../../explore/index.ts');
  const fileOf = (arena: string): string => {
    const theirs = project?.arenas.get(arena);
    return theirs === undefined ? `arenas/${arena}.ts` : path.relative(process.cwd(), theirs);
  };
  const sources = new Map<string, readonly string[]>();
  for (const { arena } of tally.signatures()) {
    const theirs = project?.arenas.get(arena);
    const text = await readFile(theirs ?? new URL(`arenas/${arena}.ts`, packageRoot), 'utf8');
    sources.set(arena, text.split('\n'));
  }
  return ({ arena, property }) => {
    const index = (sources.get(arena) ?? []).findIndex((line) => line.includes(`'${property}'`));
    return { file: fileOf(arena), line: Math.max(0, index) + 1 };
  };
}
