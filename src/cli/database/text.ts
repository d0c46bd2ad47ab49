import { grouped } from '../../report/index.ts';

/** `1 claim`, `2,008 claims`. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(number)} ${number === 1 ? noun : plural}`;
}

/** Rows with aligned columns; those in `right` have their cells at the right. No spaces at the end. */
export function tableLines(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const filler = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return right.has(column) ? filler + cell : cell + filler;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Of most scripts; wide ones come out too narrow, which costs a column its alignment and nothing else. */
function widthOf(cell: string): number {
  return Array.from(cell).length;
}

/**
 * Text from a database, in quotes, safe for a terminal: what would move the cursor, change colours or turn
 * the direction of writing is escaped.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(hidden, escaped);
}

/** As `quoted`, without the quotes where nothing in it needs them. */
export function named(text: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N}\p{M}/._:@+-]*$/u.test(text) ? text : quoted(text);
}

const hidden = /[\p{C}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}

/** A line for people, on standard error. */
export function tell(line: string): void {
  process.stderr.write(`stemedb: ${line}\n`);
}
