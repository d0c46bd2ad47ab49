import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { packageRoot } from '../package-root.ts';
import { mutate, readMutant } from './mutant.ts';

/** What the loader hook is told: serve this text for that module. */
export interface PlantedModule {
  readonly url: string;
  readonly source: string;
}

/**
 * Plants a bug in this thread: the built module is replaced, as it is loaded, by the mutated source.
 * Must be called before anything imports the engine. Needs the development dependencies (TypeScript).
 */
export async function plantMutant(name: string): Promise<void> {
  const mutant = await readMutant(name);
  const source = mutate(mutant, await readFile(new URL(mutant.file, packageRoot), 'utf8'));
  const { default: typescript } = await import('typescript');
  const { outputText } = typescript.transpileModule(source, {
    compilerOptions: {
      target: typescript.ScriptTarget.ES2023,
      module: typescript.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  const built = mutant.file.replace(/\.ts$/, '.js');
  const planted: PlantedModule = { url: new URL(`dist/${built}`, packageRoot).href, source: outputText };
  register('./loader-hook.js', import.meta.url, { data: planted });
}
