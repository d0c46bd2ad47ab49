import type { MutantResult } from '../explore/index.ts';
import { percent, whyNot } from './mutants-text.ts';

/** The matrix as a page that needs nothing else. */
export function mutantsHtml(results: readonly MutantResult[], seed: string): string {
  const strategies = [
    ...new Set(results.flatMap(({ byStrategy }) => byStrategy.map(({ strategy }) => strategy))),
  ].toSorted();
  const head = [
    'planted bug',
    'property',
    'runs',
    'reached',
    'triggered',
    'found',
    'P(found) a run',
    'seeds',
    'seconds',
    'steps',
    'minimized',
    'clean runs',
    ...strategies,
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Planted bugs</title>
<style>${styles}</style>
<h1>Planted bugs</h1>
<p>Seed ${escape(seed)}. ${results.filter(({ detected }) => detected > 0).length} of ${results.length} found.
Seeds and seconds are medians from one detection to the next, steps those of the runs that detected it; minimized are
the operations and faults that the first one comes down to.</p>
<table>
<thead><tr>${head.map((name) => `<th>${escape(name)}</th>`).join('')}</tr></thead>
<tbody>
${results.map((result) => row(result, strategies)).join('\n')}
</tbody>
</table>
</html>
`;
}

function row(result: MutantResult, strategies: readonly string[]): string {
  const { probability, control } = result;
  const places = result.places.join(', ');
  const title = [result.story, result.seenIn.join(', '), places].filter((text) => text !== '').join('\n');
  const found = result.detected > 0 ? String(result.detected) : whyNot(result);
  const cells = [
    `<th scope="row" title="${escape(title)}">${escape(result.mutant)}</th>`,
    cell(caught(result)),
    number(result.runs),
    number(result.reached),
    number(result.triggered),
    cell(result.died ?? found),
    cell(`${percent(probability.value)} (${percent(probability.low)} to ${percent(probability.high)})`),
    number(result.medianSeeds),
    number(result.medianSeconds),
    number(result.medianSteps),
    cell(smallCaseOf(result)),
    cell(control.failed === 0 ? `${control.runs} held` : `${control.failed} of ${control.runs} failed`),
    ...strategies.map((name) => {
      const part = result.byStrategy.find(({ strategy }) => strategy === name);
      return cell(part === undefined ? '' : `${part.detected} of ${part.runs}`);
    }),
  ];
  return `<tr class="${result.stratum.replace(' ', '-')}">${cells.join('')}</tr>`;
}

/** Operations and faults. */
function smallCaseOf({ minimized }: MutantResult): string {
  return minimized === null ? '' : `${minimized.operations} + ${minimized.faults}`;
}

function caught({ property, caughtBy }: MutantResult): string {
  const names = Object.keys(caughtBy);
  return names.length === 0 ? property : names.join(', ');
}

function number(value: number | null): string {
  return `<td class="number">${value ?? ''}</td>`;
}

function cell(text: string): string {
  return `<td>${escape(text)}</td>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const styles = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #d8dee4; vertical-align: top; }
thead th { position: sticky; top: 0; background: #f6f8fa; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.easy th[scope] { border-left: 4px solid #8fd19e; }
.medium th[scope] { border-left: 4px solid #2da44e; }
.hard th[scope] { border-left: 4px solid #116329; }
.not-found th[scope] { border-left: 4px solid #cf222e; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; }
  thead th { background: #161b22; }
  th, td { border-color: #30363d; }
}
`;
