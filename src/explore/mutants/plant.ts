import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { packageRoot } from '../package-root.ts';
import { filesOf, type Mutant, mutate, readMutant } from './mutant.ts';

/** What the loader hook is told: by the address of a module, the text to serve for it. */
export type PlantedModules = ReadonlyMap<string, string>;

/**
 * Plants a bug in this thread: built modules are replaced, as they are loaded, by mutated sources.
 * Must be called before anything imports the engine. Needs the development dependencies (TypeScript).
 */
export async function plantMutant(name: string): Promise<void> {
  await plant(await readMutant(name));
}

/** As `plantMutant`, for edits that are no bug of the collection: other bugs, or changes that are none. */
export async function plant(mutant: Pick<Mutant, 'name' | 'edits'>): Promise<void> {
  const { default: typescript } = await import('typescript');
  const planted = new Map<string, string>();
  for (const file of filesOf(mutant)) {
    const source = mutate(mutant, file, await readFile(new URL(file, packageRoot), 'utf8'));
    const { outputText } = typescript.transpileModule(source, {
      compilerOptions: {
        target: typescript.ScriptTarget.ES2023,
        module: typescript.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
      },
    });
    planted.set(new URL(`dist/${file.replace(/\.ts$/, '.js')}`, packageRoot).href, outputText);
  }
  register('./loader-hook.js', import.meta.url, { data: planted satisfies PlantedModules });
}
