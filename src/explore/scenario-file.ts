import { readFile } from 'node:fs/promises';
import type { Scenario } from '../arena/index.ts';
import { packageRoot } from './package-root.ts';
import { ProjectFileError } from './project-module.ts';

/** Holds what a file says against `scenarios/scenario.schema.json`. Throws `ProjectFileError`. */
export async function checkScenario(file: string, value: unknown): Promise<Scenario> {
  if (value === undefined) {
    throw new ProjectFileError(
      file,
      'exports nothing by default. Write "export default defineScenario({ ... })".',
    );
  }
  const { z } = await import('zod');
  const text = await readFile(new URL('scenarios/scenario.schema.json', packageRoot), 'utf8');
  const schema = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
  const { error } = schema.safeParse(value);
  const [problem] = error?.issues ?? [];
  if (problem === undefined) return value as Scenario;
  const at = problem.path.length === 0 ? '' : ` at "${problem.path.join('.')}"`;
  throw new ProjectFileError(
    file,
    `is no scenario: ${problem.message}${at}. See scenarios/scenario.schema.json in stemedb-sim, or start from ` +
      'one that "stemedb-sim list" shows.',
  );
}
