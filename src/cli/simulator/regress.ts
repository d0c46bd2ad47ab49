import type { CommandModule } from 'yargs';
import type { CaseCheck, KeptCase } from '../../explore/index.ts';
import type { Style } from '../../report/index.ts';
import { oneOf, UsageError } from '../usage-error.ts';

interface RegressArguments {
  readonly glob?: string | undefined;
  readonly update: boolean;
  readonly mutant?: string | undefined;
}

export function regressCommand(exit: (code: number) => void): CommandModule<object, RegressArguments> {
  return {
    command: 'regress [glob]',
    describe: 'Play every kept case again',
    builder: (cli) =>
      cli
        .positional('glob', { type: 'string', describe: 'names, * for any part, or a file; all when absent' })
        .options({
          update: {
            type: 'boolean',
            default: false,
            describe: 'write digests and landmarks as they are now; refused in CI',
          },
          mutant: { type: 'string', requiresArg: true, describe: 'plant this bug first (fixtures/mutants)' },
        })
        .example('$0 regress', 'all kept cases: reproduced, fixed, stale or other-failure')
        .example("$0 regress 'torn-*'", 'some of them'),
    handler: async (args) => exit(await regress(args)),
  };
}

async function regress({ glob, update, mutant }: RegressArguments): Promise<number> {
  if (update && process.env['CI'] !== undefined) {
    throw new UsageError('--update is refused in CI: a kept case is changed by a person who looks at it.');
  }
  if (mutant !== undefined) {
    const { mutantNames } = await import('../../explore/mutants/mutant.ts');
    oneOf('mutant', mutant, await mutantNames());
  }
  const explore = await import('../../explore/index.ts');
  const { styleFor } = await import('../../report/index.ts');
  const { exitCodes } = explore;
  const files = await explore.keptCaseFiles(glob);
  if (files.length === 0) {
    process.stderr.write(` no kept case${glob === undefined ? '' : ` fits "${glob}"`}\n`);
    return exitCodes.nothingRan;
  }
  const style = styleFor(process.stdout, process.env);
  const threads = new explore.PlayThreads({ mutant });
  let code: number = exitCodes.held;
  try {
    for (const file of files) {
      const kept = await explore.readKeptCase(file);
      const check = await explore.checkKeptCase(threads.play, kept);
      process.stdout.write(`${lineOf(kept, check, style)}\n`);
      if (check.outcome === 'stale') code = Math.max(code, exitCodes.staleFixture);
      else if (!check.agrees) code = Math.max(code, exitCodes.counterexample);
      const updated = update ? await explore.updatedCase(threads.play, kept, check) : undefined;
      if (updated !== undefined) await explore.writeKeptCase(updated, file);
    }
  } finally {
    await threads.close();
  }
  return code;
}

function lineOf(kept: KeptCase, { outcome, agrees, missed, moved, played }: CaseCheck, style: Style): string {
  const mark = agrees ? style('green', '✓') : style('red', outcome === 'stale' ? '?' : '✗');
  const lines = [
    ` ${mark} ${kept.name}   ${outcome}, expected to ${kept.expect}   ${style('dim', kept.signature)}`,
  ];
  if (moved !== undefined) lines.push(`     as kept it does not; but when ${moved}`);
  if (outcome === 'other-failure') {
    lines.push(`     ${played.record.signature}: ${played.failure?.message ?? ''}`);
  }
  if (outcome === 'stale') lines.push(...missed.map((one) => `     did not come about: ${one}`));
  if (outcome === 'fixed' && !agrees) {
    lines.push(`     it does not fail any more; if it was fixed, say so: keep --fixed ${kept.name}`);
  }
  return lines.join('\n');
}
