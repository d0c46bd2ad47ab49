import type { CampaignTally } from '../../campaign-tally.ts';
import { grouped } from '../../style.ts';
import { filterField, section } from '../sections.ts';
import { table, type TableRow } from './table.ts';

interface Counts {
  readonly arena: string;
  readonly property: string;
  readonly claim: string;
  held: number;
  violated: number;
}

/** Each property of each arena, over all scenarios; what was violated comes first. */
export function propertiesSection(arenas: ReturnType<CampaignTally['arenas']>): string {
  const all = arenas.flatMap(countsOf);
  if (all.length === 0) return '';
  const ordered = [
    ...all.filter(({ violated }) => violated > 0),
    ...all.filter(({ violated }) => violated === 0),
  ];
  const rows = ordered.map(({ arena, property, claim, held, violated }): TableRow => {
    const isFailed = violated > 0;
    return [
      { text: property, isFailed },
      { text: grouped(held) },
      { text: grouped(violated), isFailed },
      { text: arena },
      { text: claim },
    ];
  });
  const columns = [
    { title: 'property', isText: true },
    { title: 'held' },
    { title: 'violated' },
    { title: 'arena', isText: true },
    { title: 'what must hold', isText: true },
  ];
  return section(
    'properties',
    'Properties',
    `<p class="quiet">A run ends with the first property that does not hold: held counts runs in which all of them did.</p>
${filterField('#property-rows tbody tr', 'Filter')}
${table('property-rows', 'Runs in which each property held or was violated', columns, rows)}`,
  );
}

function countsOf({ name, properties }: ReturnType<CampaignTally['arenas']>[number]): Counts[] {
  const counts = new Map<string, Counts>();
  for (const { property, claim, held, failures } of properties) {
    const known = counts.get(property) ?? { arena: name, property, claim, held: 0, violated: 0 };
    known.held += held;
    known.violated += failures.reduce((sum, { runs }) => sum + runs, 0);
    counts.set(property, known);
  }
  return [...counts.values()];
}
