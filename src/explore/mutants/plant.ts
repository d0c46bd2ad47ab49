import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { packageRoot } from '../package-root.ts';
import { markPlaces } from './mark.ts';
import { type Edited, filesOf, type Mutant, mutate, readMutant } from './mutant.ts';

/** What the loader hook is told: by the address of a module, the text to serve for it. */
export type PlantedModules = ReadonlyMap<string, string>;

/**
 * Plants a bug in this thread: built modules are replaced, as they are loaded, by mutated sources.
 * Must be called before anything imports the engine. Needs the development dependencies (TypeScript). What
 * was edited tells when it runs: see `countOfPlantedRuns`.
 */
export async function plantMutant(name: string): Promise<void> {
  plant(await compile(await readMutant(name)));
}

/** Plants what `compile` made, of a bug or of a change that is none, as `plantMutant` does. */
export function plant(compiled: ReadonlyMap<string, string>): void {
  const planted = new Map<string, string>();
  for (const [file, text] of compiled) {
    planted.set(new URL(`dist/${file.replace(/\.ts$/, '.js')}`, packageRoot).href, text);
  }
  register('./loader-hook.js', import.meta.url, { data: planted satisfies PlantedModules });
}

/** Throws `StaleMutantError` when an edit no longer fits. */
export async function requireFresh(mutant: Mutant): Promise<void> {
  for (const file of filesOf(mutant)) mutate(mutant, file, await readSource(file));
}

/** The edited files with the bug in them, as JavaScript. Throws `StaleMutantError`, and `SyntaxError`. */
export async function compile(mutant: Edited): Promise<ReadonlyMap<string, string>> {
  const { default: typescript } = await import('typescript');
  const compiled = new Map<string, string>();
  for (const file of filesOf(mutant)) {
    const { text, positions } = mutate(mutant, file, await readSource(file));
    const { outputText, diagnostics = [] } = typescript.transpileModule(
      markPlaces(typescript, text, positions),
      {
        reportDiagnostics: true,
        compilerOptions: {
          target: typescript.ScriptTarget.ES2023,
          module: typescript.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      },
    );
    const [problem] = diagnostics;
    if (problem !== undefined) {
      const reason = typescript.flattenDiagnosticMessageText(problem.messageText, ' ');
      throw new SyntaxError(`Mutant "${mutant.name}" makes no program of ${file}: ${reason}`);
    }
    compiled.set(file, outputText);
  }
  return compiled;
}

async function readSource(file: string): Promise<string> {
  return readFile(new URL(file, packageRoot), 'utf8');
}
