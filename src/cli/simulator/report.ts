import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandModule } from 'yargs';
import type { Replayed, RunFile, RunTrace } from '../../explore/index.ts';
import { invocation } from '../invocation.ts';
import { oneOf } from '../usage-error.ts';
import { explainTo, sourceFinder } from './campaign-report.ts';

interface ReportArguments {
  readonly file: string;
  readonly format: string;
  readonly output?: string | undefined;
}

const formats = ['html', 'md', 'json', 'junit', 'github', 'perfetto'];

export function reportCommand(exit: (code: number) => void): CommandModule<object, ReportArguments> {
  return {
    command: 'report <file>',
    describe: 'Show a recorded run: as a page, as Markdown, for a CI system, or for Perfetto',
    builder: (cli) =>
      cli
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'what "run" wrote: reports/<seed>.json',
        })
        .options({
          format: { type: 'string', default: 'html', requiresArg: true, describe: formats.join(', ') },
          output: {
            type: 'string',
            requiresArg: true,
            describe: 'the file to write; without it, stdout',
          },
        })
        .example('$0 report reports/42.json --output 42.html', 'a page, in one file')
        .example('$0 report reports/42.json --format perfetto --output 42.trace.json', 'for ui.perfetto.dev'),
    handler: async (args) => exit(await report(args)),
  };
}

async function report(args: ReportArguments): Promise<number> {
  const format = oneOf('format', args.format, formats);
  const { readRunFile } = await import('../../explore/run-file.ts');
  const { exitCodes } = await import('../../explore/exit-code.ts');
  const file = await readRunFile(args.file);
  const replay = `${invocation('stemedb-sim')} replay ${args.file}`;
  const needsTrace = ['html', 'md', 'perfetto'].includes(format);
  const played = needsTrace ? await replayed(file) : undefined;
  const text = await rendered(format, file, played, replay);
  if (args.output === undefined) process.stdout.write(text);
  else {
    await mkdir(path.dirname(args.output), { recursive: true });
    await writeFile(args.output, text);
  }
  const { isHang } = await import('../../explore/index.ts');
  if (!needsTrace || played !== undefined || isHang(file.record)) return exitCodes.held;
  process.stderr.write(
    'stemedb-sim: the code has changed since this run was recorded, so it cannot be traced: ' +
      'what needs a trace was left out. Check out the commit of the run, or run its seed again.\n',
  );
  return exitCodes.staleFixture;
}

async function rendered(
  format: string,
  file: RunFile,
  played: Replayed | undefined,
  replay: string,
): Promise<string> {
  const { annotations, CampaignTally, counterexample, html, junit, markdown, perfetto } =
    await import('../../report/index.ts');
  const { loadCatalogue } = await import('../../explore/index.ts');
  const catalogue = await loadCatalogue();
  const { arenas } = catalogue;
  const { record } = file;
  switch (format) {
    case 'json':
      return `${JSON.stringify(file, undefined, 1)}\n`;
    case 'perfetto': {
      const none: RunTrace = { steps: [], notes: [] };
      const history = (file.minimized ?? file).history;
      return perfetto(
        history,
        played?.trace ?? none,
        `${record.arena} ${record.scenario} seed ${record.seed}`,
      );
    }
    case 'junit':
    case 'github': {
      const tally = new CampaignTally(arenas.values(), [record]);
      tally.add(record);
      explainTo(tally, file, replay);
      if (format === 'junit') return junit(tally);
      return annotations(tally, await sourceFinder(tally, catalogue))
        .map((line) => `${line}\n`)
        .join('');
    }
    default: {
      const property = arenas.get(record.arena)?.properties.find(({ id }) => id === record.property);
      const of = counterexample({ file, ...played, replay, kind: property?.kind ?? 'safety' });
      return format === 'md' ? markdown(of) : html(of);
    }
  }
}

/** What a report shows of a run by playing it again; `undefined` when the code does not play it any more. */
export async function replayed(file: RunFile): Promise<Replayed | undefined> {
  if (file.mutant !== null) {
    const { plantMutant } = await import('../../explore/mutants/plant.ts');
    await plantMutant(file.mutant);
  }
  const { isHang, loadCatalogue, replayStates } = await import('../../explore/index.ts');
  return isHang(file.record) ? undefined : replayStates(await loadCatalogue(), file);
}
