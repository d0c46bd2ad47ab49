import type { CommandModule } from 'yargs';
import type { Arena } from '../../arena/index.ts';

export function listCommand(exit: (code: number) => void): CommandModule {
  return {
    command: 'list',
    describe: 'Arenas with their properties, scenarios, strategies and planted bugs',
    handler: async () => exit(await list()),
  };
}

async function list(): Promise<number> {
  const { exitCodes, loadCatalogue, mutantNames, readMutant, strategySummaries } =
    await import('../../explore/index.ts');
  const { styleFor } = await import('../../report/index.ts');
  const style = styleFor(process.stdout, process.env);
  const { arenas, project, scenarios } = await loadCatalogue();
  const lines: string[] = [];
  const section = (title: string): void => void lines.push('', style('bold', title));
  section('Arenas');
  for (const arena of arenas.values()) {
    const mark = project?.arenas.has(arena.name) === true ? '   (of this project)' : '';
    lines.push(`  ${arena.name}${mark}   ${arena.summary}`, `    scenarios: ${scenariosOf(arena)}`);
    for (const { id, kind, claim } of arena.properties)
      lines.push(style('dim', `    ${kind} · ${id}: ${claim}`));
  }
  section('Scenarios');
  for (const scenario of scenarios.values()) lines.push(`  ${scenario.name.padEnd(14)} ${scenario.summary}`);
  section('Strategies');
  for (const { name, summary } of strategySummaries) lines.push(`  ${name.padEnd(14)} ${summary}`);
  section('Planted bugs (run --mutant NAME)');
  for (const name of await mutantNames()) {
    const { story, property } = await readMutant(name);
    lines.push(`  ${name}`, style('dim', `    ${story} [${property}]`));
  }
  process.stdout.write(`${lines.slice(1).join('\n')}\n`);
  return exitCodes.held;
}

function scenariosOf({ scenarios, onRequest = [] }: Arena): string {
  return [...scenarios, ...onRequest.map((name) => `${name} (on request)`)].join(', ');
}
