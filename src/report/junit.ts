import type { CampaignTally, CheckedProperty, FailureGroup } from './campaign-tally.ts';
import { runsText } from './style.ts';
import { escapeAttribute, escapeText } from './xml.ts';

/** JUnit XML: a suite for each arena, a case for each property in each scenario, never one for each seed. */
export function junit(tally: CampaignTally): string {
  const arenas = tally.arenas();
  const all = arenas.flatMap(({ properties }) => properties);
  const seconds = arenas.reduce((sum, arena) => sum + arena.seconds, 0);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="stemedb-sim" ${counts(all)} time="${seconds.toFixed(3)}">`,
  ];
  for (const { name, seconds, properties } of arenas) {
    const skipped = properties.filter(({ runs }) => runs === 0).length;
    lines.push(
      `  <testsuite name="${escapeAttribute(name)}" ${counts(properties)} skipped="${skipped}" time="${seconds.toFixed(3)}">`,
      ...properties.flatMap(testCase),
      '  </testsuite>',
    );
  }
  return `${[...lines, '</testsuites>'].join('\n')}\n`;
}

function counts(properties: readonly CheckedProperty[]): string {
  const failed = properties.filter(({ failures }) => failures.some(({ isError }) => !isError)).length;
  const errors = properties.filter(({ failures }) => failures.some(({ isError }) => isError)).length;
  return `tests="${properties.length}" failures="${failed}" errors="${errors}"`;
}

function testCase({ arena, scenario, property, claim, runs, failures }: CheckedProperty): string[] {
  const name = `${property} [${scenario}]`;
  const open = `    <testcase name="${escapeAttribute(name)}" classname="${escapeAttribute(`${arena}.${scenario}`)}" time="0">`;
  // Jenkins wants them in this order, and no attribute of `skipped`.
  const problems = [
    ...failures.filter(({ isError }) => isError),
    ...failures.filter(({ isError }) => !isError),
  ];
  const inner = runs === 0 ? ['      <skipped>no run came to it</skipped>'] : problems.map(failureElement);
  const told = `${claim} (${runsText(runs)})`;
  return [open, ...inner, `      <system-out>${escapeText(told)}</system-out>`, '    </testcase>'];
}

function failureElement(failure: FailureGroup): string {
  const { signature, isError, runs, seed, explanation } = failure;
  const element = isError ? 'error' : 'failure';
  const message = explanation?.message ?? signature;
  const lines = [
    `${runsText(runs)}, first seed ${seed}`,
    ...(explanation?.expected === undefined
      ? []
      : [`- expected  ${explanation.expected}`, `+ actual    ${explanation.actual ?? ''}`]),
    ...(explanation === undefined ? [] : [`Replay   ${explanation.replay}`]),
  ];
  return `      <${element} type="${escapeAttribute(signature)}" message="${escapeAttribute(message)}">${escapeText(lines.join('\n'))}</${element}>`;
}
