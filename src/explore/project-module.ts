import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installGuard } from '../sim/index.ts';
import { exitCodes } from './exit-code.ts';

/** A file of the user's that is not what it should be. The message names it, and says what to do. */
export class ProjectFileError extends Error {
  readonly code = 'SIM_PROJECT_FILE';
  readonly exitCode = exitCodes.usage;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${path.relative(process.cwd(), file)} ${problem}`, options);
    this.name = 'ProjectFileError';
  }
}

/** Extensions of modules; declarations and tests are none. */
export function isModule(file: string): boolean {
  return /\.(ts|mts|js|mjs)$/.test(file) && !/\.(test|spec|d)\.m?[tj]s$/.test(file);
}

/** What a module in TypeScript or JavaScript exports by default. Throws `ProjectFileError`. */
export async function importDefault(file: string): Promise<unknown> {
  // Before any code is loaded that might take functions out of Node's modules.
  installGuard();
  if (/\.m?ts$/.test(file)) await readTypeScript();
  try {
    const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    throw new ProjectFileError(file, `cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

let reading: Promise<void> | undefined;

/** In this thread, from now on, modules may be written in TypeScript, and traces name its lines. */
function readTypeScript(): Promise<void> {
  reading ??= import('tsx/esm/api').then(({ register }) => {
    register();
    process.setSourceMapsEnabled(true);
  });
  return reading;
}

/** The message, and where in the user's own code it came from. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack = '' } = error;
  const frame = stack
    .split('\n')
    .find((line) => /^\s+at /.test(line) && !/node:|node_modules/.test(line))
    ?.trim();
  return frame === undefined ? message : `${message} (${frame})`;
}
