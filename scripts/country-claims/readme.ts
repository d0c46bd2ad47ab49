import { agreements, type SourceClaims } from './agreement.ts';
import { fileNameOf } from './files.ts';

/** What stands beside the claims: where they are from, and how far they agree. */
export function readme(sources: readonly SourceClaims[]): string {
  const rows = agreements(sources);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const totals = sources.map(({ claims }) => claims.length);
  return `${[
    '# Claims about countries',
    '',
    'Real claims that contradict each other: what three npm packages say about the countries of the world, as',
    'unsigned claims for `stemedb submit`, a line each. Written by `scripts/import-country-claims.ts`, this page',
    'included; a test sees to it that they are what the script makes.',
    '',
    '```',
    ...sources.map(
      ({ source }) =>
        `stemedb submit --data DIR --agent ${source.package.padEnd(18)} fixtures/claims/${fileNameOf(source)}`,
    ),
    'stemedb get --data DIR --subject country/BO --predicate capital',
    '```',
    '',
    ...table(
      ['file', 'package', 'published', 'license', 'claims'],
      sources.map(({ source, claims }) => [
        `\`${fileNameOf(source)}\``,
        `${source.package} ${source.version}: ${source.about}`,
        source.publishedAt.slice(0, 10),
        'MIT',
        String(claims.length),
      ]),
    ),
    '',
    'The licenses are in `LICENSES.txt`. Each claim names, as `sourceHash`, the BLAKE3 hash of the file in the',
    'package that it is from; its timestamp is when that release was published. The packages do not say how sure',
    'they are, so all claims have the same confidence. Several values of a property, as of languages, are one',
    'claim that lists them in alphabetical order.',
    '',
    '## Where they disagree',
    '',
    'Contested are the countries of which two packages or more say something, and not all the same.',
    '',
    ...table(
      ['predicate', ...sources.map(({ source }) => source.package), 'shared', 'contested'],
      [
        ...rows.map(({ predicate, claims, shared, contested }) => [
          predicate,
          ...claims.map(String),
          String(shared),
          String(contested),
        ]),
        [
          'all',
          ...totals.map(String),
          String(sum(rows.map(({ shared }) => shared))),
          String(sum(rows.map(({ contested }) => contested))),
        ],
      ],
    ),
  ].join('\n')}\n`;
}

/** A table of Markdown, laid out as prettier would. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
