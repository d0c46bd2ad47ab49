import type { CampaignCoverage, Occurrence } from '../../campaign-coverage.ts';
import { grouped } from '../../style.ts';
import { escapeText } from '../../xml.ts';
import { section } from '../sections.ts';
import { table, type TableRow } from './table.ts';

/** What fired; which others could have nobody says, so pairs without any are told instead. */
export function faultsSection({ faults, quietPairs }: CampaignCoverage): string {
  const quiet = quietPairs.map(({ arena, scenario }) => `${arena} × ${scenario}`);
  const content = [
    faults.length === 0
      ? '<p>No fault was injected.</p>'
      : occurrences('fault-rows', 'fault', 'Faults that were injected', faults),
    quiet.length === 0 || faults.length === 0 ? '' : names('Played without any fault', quiet),
  ];
  return section('faults', 'Faults', content.join('\n'));
}

export function markersSection({ markers }: CampaignCoverage, neverReached: readonly string[]): string {
  if (markers.length + neverReached.length === 0) return '';
  const all = markers.length + neverReached.length;
  const told =
    neverReached.length === 0
      ? `All ${grouped(all)} were reached.`
      : `${grouped(neverReached.length)} of ${grouped(all)} were never reached.`;
  const content = [
    `<p>${told} <span class="quiet">A marker is a place in the code that a campaign should come to.</span></p>`,
    neverReached.length === 0 ? '' : names('Never reached', neverReached),
    markers.length === 0 ? '' : occurrences('marker-rows', 'marker', 'Markers that were reached', markers),
  ];
  return section('markers', 'Markers', content.join('\n'));
}

function occurrences(id: string, what: string, caption: string, of: readonly Occurrence[]): string {
  const rows = of.map(({ name, times, runs }): TableRow => [
    { text: name },
    { text: grouped(times) },
    { text: grouped(runs) },
  ]);
  return table(id, caption, [{ title: what, isText: true }, { title: 'times' }, { title: 'in runs' }], rows);
}

function names(title: string, of: readonly string[]): string {
  const items = of.map((name) => `<li><code>${escapeText(name)}</code></li>`);
  return `<h3>${escapeText(title)}</h3>\n<ul class="names">${items.join('')}</ul>`;
}
