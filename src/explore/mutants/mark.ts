import type { Node, SourceFile } from 'typescript';

/** Called by mutated code as it runs, if somebody listens. */
const bell = 'stemedb-sim.planted-bug';

const ring = `globalThis[Symbol.for(${JSON.stringify(bell)})]?.()`;

/** How often mutated code has run in this thread since this was first called. */
export function countOfPlantedRuns(): () => number {
  let count = 0;
  (globalThis as Record<symbol, unknown>)[Symbol.for(bell)] = () => {
    count += 1;
  };
  return () => count;
}

type TypeScript = typeof import('typescript');

/**
 * The source with a bell before each of the statements at `positions`; a place outside of any function, as an
 * import is, gets none.
 */
export function markPlaces(typescript: TypeScript, source: string, positions: readonly number[]): string {
  const file = typescript.createSourceFile('planted.ts', source, typescript.ScriptTarget.ES2023, true);
  const insertions = positions.flatMap((position) => insertionsAt(typescript, file, position));
  let marked = source;
  for (const { at, text } of insertions.toSorted((one, other) => other.at - one.at)) {
    marked = marked.slice(0, at) + text + marked.slice(at);
  }
  return marked;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

function insertionsAt(typescript: TypeScript, file: SourceFile, position: number): readonly Insertion[] {
  let found: readonly Insertion[] = [];
  const visit = (node: Node, isInFunction: boolean): void => {
    if (position < node.getFullStart() || position > node.end) return;
    const isFunction = typescript.isFunctionLike(node);
    if (typescript.isArrowFunction(node) && !typescript.isBlock(node.body)) {
      const { body } = node;
      if (position >= body.getFullStart()) {
        found = [
          { at: body.getStart(), text: `(${ring}, ` },
          { at: body.end, text: ')' },
        ];
      }
    }
    if (isInFunction && (typescript.isBlock(node) || typescript.isCaseOrDefaultClause(node))) {
      const next = node.statements.find(({ end }) => end > position);
      const end = typescript.isBlock(node) ? node.end - 1 : node.end;
      found = [{ at: next?.getStart() ?? end, text: `${ring}; ` }];
    }
    typescript.forEachChild(node, (child) => visit(child, isInFunction || isFunction));
  };
  visit(file, false);
  return found;
}
