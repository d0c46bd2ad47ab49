/** Text that Markdown shows as it is. */
export function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~]/g, (found) => `\\${found}`).replaceAll(/\r\n|\r|\n/g, ' ');
}

/** As code, whatever backticks it holds itself; a bar would end a cell even there. */
export function code(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replaceAll('|', '\\|').replaceAll(/\r\n|\r|\n/g, ' ')}${pad}${fence}`;
}

export function codeBlock(text: string, language = ''): string {
  const runs = [...text.matchAll(/`{3,}/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(2, ...runs) + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A table; `cells` are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ];
}
