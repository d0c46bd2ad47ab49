import { existsSync, readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { loadCatalogue, mutantNames } from '../src/explore/index.ts';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const { arenas, scenarios } = await loadCatalogue();
const mutants = new Set(await mutantNames());

interface Row {
  readonly item: string;
  /** What rules it out. */
  readonly design: string;
  readonly shownBy: string;
}

/** The rows of all tables. */
function rowsOf(markdown: string): Row[] {
  const rows: Row[] = [];
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('| ')) continue;
    const cells = line.slice(2, -2).split(' | ');
    const [item, was, design, shownBy] = cells;
    if (cells.length !== 4 || !item || !was || !design || !shownBy)
      throw new Error(`not four cells: ${line}`);
    if (item !== 'item' && !item.startsWith('---')) rows.push({ item, design, shownBy });
  }
  return rows;
}

const markdown = read('docs/audit.md');
const rows = rowsOf(markdown);
const items = new Set(rows.map(({ item }) => item));

/** What a test says of itself: the first argument of each `it`, `describe` and their like, as it stands there. */
function titlesIn(path: string): readonly string[] {
  if (path.endsWith('.json')) {
    return (JSON.parse(read(path)) as { inputs: { name: string }[] }).inputs.map(({ name }) => name);
  }
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteral(title)) titles.push(title.text);
      else if (title !== undefined && ts.isTemplateLiteral(title)) titles.push(title.getText().slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true));
  return titles;
}

function hasTitle(path: string, title: string): boolean {
  if (!existsSync(new URL(path, root))) return false;
  const titles = titlesIn(path);
  const isCutShort = title.endsWith('...');
  return isCutShort ? titles.some((one) => one.startsWith(title.slice(0, -3))) : titles.includes(title);
}

/** The sources that are not tests, arenas included. */
const sources = ['src', 'arenas'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?<!\.test|\.test-support|\.conformance)\.ts$/.test(path))
    .map((path) => read(`${folder}/${path}`)),
);

/** Whether some code tells of it; that an arena hopes for it is not enough. */
function isReached(marker: string): boolean {
  const call = new RegExp(`\\b(reached|retry|retryWhileDiskFails)\\([^;]*'${marker.replaceAll('.', '\\.')}'`);
  return sources.some((source) => call.test(source));
}

/** How each kind of citation begins, what its names look like, and whether what is named is there. */
const kinds: readonly {
  readonly head: RegExp;
  readonly name: RegExp;
  readonly exists: (name: string, of: string) => boolean;
}[] = [
  { head: /^`([^`]+)` › (?=")/, name: /"([^"]+)"/g, exists: (title, path) => hasTitle(path, title) },
  {
    head: /^property `([^`]+)` › /,
    name: /`([^`]+)`/g,
    exists: (id, arena) => arenas.get(arena)?.properties.some((property) => property.id === id) === true,
  },
  { head: /^mutant /, name: /`([^`]+)`/g, exists: (name) => mutants.has(name) },
  { head: /^scenario /, name: /`([^`]+)`/g, exists: (name) => scenarios.has(name) },
  { head: /^marker /, name: /`([^`]+)`/g, exists: isReached },
  { head: /^see /, name: /([A-Z0-9]\.\d+)/g, exists: (item) => items.has(item) },
  { head: /^(?=`)/, name: /`([^`]+)`/g, exists: (path) => existsSync(new URL(path, root)) },
];

/** What a cell of the last column cites and is not there, or cites as nobody can read. */
function shownFaultsOf(cell: string): string[] {
  const [cited = '', ...open] = cell.split(/(?:^|; )not yet: /);
  const isOpen = open.length === 1 && open[0]?.endsWith('.') === true;
  const faults = open.length === 0 || isOpen ? [] : [`not yet what? ${cell}`];
  if (cited === '' && isOpen) return faults;
  for (const part of cited.split('; ')) {
    const kind = kinds.find(({ head }) => head.test(part));
    const [head = '', of = ''] = kind?.head.exec(part) ?? [];
    const names = kind === undefined ? [] : [...part.slice(head.length).matchAll(kind.name)];
    const isRead = names.length > 0 && head + names.map(([text]) => text).join(', ') === part;
    if (!isRead) faults.push(`no citation: ${part}`);
    for (const [text, name = ''] of names) if (kind?.exists(name, of) === false) faults.push(head + text);
  }
  return faults;
}

/** Paths that are not there, and names that are said to be in a file and are not. */
function designFaultsOf(design: string): string[] {
  const paths = design.matchAll(/`((?:src|arenas|scenarios|fixtures|scripts|bench|docs|bin)\/[^`]+)`/g);
  const missing = [...paths].filter(([, path = '']) => !existsSync(new URL(path, root)));
  const names = design.matchAll(/`([^`]+)` in `([^`]+)`/g);
  const unknown = [...names].filter(([, name = '', path = '']) => !read(path).includes(name));
  return [...missing, ...unknown].map(([text]) => text);
}

describe('docs/audit.md', () => {
  it('has a row for each item of the audit, numbered without a gap', () => {
    expect(items.size).toBe(rows.length);
    const lengths: Record<string, number> = {};
    for (const { item } of rows) {
      const [section = '', nth] = item.split('.');
      lengths[section] = (lengths[section] ?? 0) + 1;
      expect(item).toBe(`${section}.${lengths[section]}`);
      expect(nth).toBeDefined();
    }
    expect(lengths).toEqual({
      E: 6,
      A: 6,
      B: 6,
      C: 7,
      1: 13,
      2: 11,
      3: 12,
      4: 13,
      5: 16,
      6: 9,
      F: 9,
      G: 4,
      R: 16,
      H: 8,
    });
  });

  it.each(rows.map((row) => [row.item, row] as const))('%s cites what is there', (_, { design, shownBy }) => {
    expect([...shownFaultsOf(shownBy), ...designFaultsOf(design)]).toEqual([]);
  });

  it('names at its head the rows that are not answered in full', () => {
    const named = /not answered in full: ([A-Z0-9.,\s]+?)\. What/.exec(markdown)?.[1]?.split(/,\s/);
    expect(named).toEqual(rows.filter(({ shownBy }) => shownBy.includes('not yet')).map(({ item }) => item));
  });

  it('cites every mutant that was made for the audit', () => {
    const made = [...mutants].filter((name) => name.startsWith('audit-'));
    const cited = rows.map(({ shownBy }) => shownBy).join(' ');
    expect(made.length).toBeGreaterThan(5);
    expect(made.filter((name) => !cited.includes(`\`${name}\``))).toEqual([]);
  });
});
