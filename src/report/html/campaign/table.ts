import { escapeAttribute, escapeText } from '../../xml.ts';

export interface TableColumn {
  readonly title: string;
  /** Words stand to the left, numbers to the right. */
  readonly isText?: boolean;
}

export interface TableCell {
  readonly text: string;
  /** It tells of a failure. */
  readonly isFailed?: boolean;
}

/** The first cell is the head of the row. */
export type TableRow = readonly [TableCell, ...TableCell[]];

/** A table that scrolls sideways by itself where the screen is narrow. */
export function table(
  id: string,
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): string {
  const heads = columns.map(
    ({ title, isText }) => `<th scope="col"${classes(isText, false)}>${escapeText(title)}</th>`,
  );
  const lines = rows.map(([head, ...cells]) => {
    const others = cells.map(
      ({ text, isFailed }, index) =>
        `<td${classes(columns[index + 1]?.isText, isFailed)}>${escapeText(text)}</td>`,
    );
    return `<tr><th scope="row"${classes(false, head.isFailed)}>${escapeText(head.text)}</th>${others.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeAttribute(caption)}"><table id="${id}">
<caption>${escapeText(caption)}</caption>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table></div>`;
}

function classes(isText: boolean | undefined, isFailed: boolean | undefined): string {
  const names = [...(isText === true ? ['text'] : []), ...(isFailed === true ? ['failing'] : [])];
  return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
}
