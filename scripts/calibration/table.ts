import type { Row } from './campaign.ts';

const findings = ['held', 'last-undone', 'lost', 'torn', 'malformed'] as const;
const toldMax = 8;

/** A table in Markdown, and below it the first episodes in which a promise was broken. */
export function renderTable(rows: readonly Row[]): string {
  const lines = rows.map(({ mode, disk, seeds, powerLosses, counts, digest, broken }) => {
    const found = findings.map((finding) => String(counts.get(finding) ?? 0));
    const verdict = broken.length === 0 ? 'as promised' : disk.isClaimed ? 'BROKEN' : 'not claimed';
    return [
      mode.name,
      disk.profile.name,
      mode.promises,
      String(seeds),
      String(powerLosses),
      ...found,
      verdict,
      digest.slice(0, 8),
    ];
  });
  const told = rows.flatMap(({ mode, disk, broken }) =>
    broken
      .slice(0, toldMax)
      .map(
        ({ seed, result }) =>
          `${mode.name} on ${disk.profile.name}, seed ${seed}: ${result.finding}, ${result.detail}`,
      ),
  );
  const head = ['journal', 'profile', 'promises', 'seeds', 'power losses', ...findings, 'verdict', 'digest'];
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .concat(told)
    .join('\n');
}
