import type { CampaignSummary } from '../explore/index.ts';
import type { CampaignTally, FailureGroup } from './campaign-tally.ts';
import { code, plain } from './markdown-text.ts';
import { grouped, runsText } from './style.ts';

/** GitHub shows no more of a kind for one step. */
const annotationsMax = 10;

/** GitHub refuses a job summary that is larger. */
const summaryBytesMax = 1024 * 1024;

const cutNotice = '\n\n_The rest was cut: GitHub takes no more than 1 MiB._\n';

export interface SourceLine {
  /** From the root of the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Workflow commands, one for each signature, that mark failures in the source. `sourceOf` says where. */
export function annotations(tally: CampaignTally, sourceOf: (failure: FailureGroup) => SourceLine): string[] {
  return tally
    .signatures()
    .slice(0, annotationsMax)
    .map((failure) => {
      const { file, line } = sourceOf(failure);
      const { arena, property, explanation, signature, runs, seed } = failure;
      const properties = { file, line: String(line), title: `${arena} > ${property}` };
      const text = [
        explanation?.message ?? signature,
        `${runsText(runs)}, first seed ${seed}`,
        ...(explanation?.expected === undefined
          ? []
          : [`expected ${explanation.expected}`, `actual ${explanation.actual ?? ''}`]),
        ...(explanation === undefined ? [] : [explanation.replay]),
      ].join('\n');
      return command('error', properties, text);
    });
}

/** As `issueCommand` of GitHub's toolkit writes it. */
function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Markdown for `$GITHUB_STEP_SUMMARY`. */
export function jobSummary(tally: CampaignTally, summary: CampaignSummary, seed: string): string {
  const { runs, held, violated, errors, markersNeverReached } = summary;
  const lines = [
    `## stemedb-sim: ${violated + errors === 0 ? 'all held' : `${runsText(violated + errors)} failed`}`,
    '',
    `${runsText(runs)} from seed ${code(seed)}: ${grouped(held)} held, ${grouped(violated)} violated, ` +
      `${grouped(errors)} errors of the simulator; ${grouped(summary.stepsPerSecond)} steps/s.`,
    '',
  ];
  const failures = tally.signatures();
  if (failures.length > 0) {
    lines.push('| failure | runs | first seed | again |', '| --- | ---: | --- | --- |');
    for (const { signature, runs: times, seed: first, explanation } of failures) {
      const what =
        explanation === undefined ? code(signature) : `${plain(explanation.message)} ${code(signature)}`;
      const again = explanation === undefined ? '' : code(explanation.replay);
      lines.push(`| ${what} | ${grouped(times)} | ${code(first)} | ${again} |`);
    }
    lines.push('');
  }
  lines.push('| arena | scenario | runs | properties that held |', '| --- | --- | ---: | ---: |');
  for (const { name, properties } of tally.arenas()) {
    for (const scenario of new Set(properties.map((property) => property.scenario))) {
      const checked = properties.filter((property) => property.scenario === scenario);
      const whole = checked.filter(({ failures: broken }) => broken.length === 0).length;
      lines.push(
        `| ${name} | ${scenario} | ${grouped(checked[0]?.runs ?? 0)} | ${whole} of ${checked.length} |`,
      );
    }
  }
  if (markersNeverReached.length > 0) lines.push('', `Never reached: ${markersNeverReached.join(', ')}.`);
  return withinLimit(`${lines.join('\n')}\n`);
}

/** Cut at the end of a line. */
function withinLimit(text: string): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= summaryBytesMax) return text;
  const end = encoded.lastIndexOf('\n', summaryBytesMax - Buffer.byteLength(cutNotice));
  return `${encoded.toString('utf8', 0, end)}${cutNotice}`;
}
