import { type Counterexample, timeText } from './counterexample.ts';
import { code, codeBlock, plain, table } from './markdown-text.ts';
import type { Moment, SpaceTime } from './space-time.ts';
import { grouped } from './style.ts';

/** A counterexample as Markdown: the sections of the HTML report, in the same order. */
export function markdown(of: Counterexample): string {
  const sections: (readonly string[])[] = [
    [`# ${plain(of.title)}`, '', plain(of.subtitle)],
    [`**${plain(of.verdict)}**`, ...planted(of)],
    ['## Replay', '', codeBlock(of.replay, 'sh')],
    expectedAndActual(of),
    steps(of),
    of.spaceTime === undefined ? [] : diagram(of.spaceTime),
    disk(of),
    pointOfNoReturn(of),
    facts(of),
    minimizer(of),
    trace(of),
  ];
  const text = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${text.join('\n\n')}\n`;
}

function planted({ planted }: Counterexample): string[] {
  return planted === undefined ? [] : ['', `This bug was planted on purpose: ${code(planted)}.`];
}

function expectedAndActual({ failure }: Counterexample): string[] {
  if (failure === undefined) return [];
  const { expected, actual, code: errorCode, explanation } = failure;
  const lines = ['## Expected and actual', ''];
  if (expected !== undefined) lines.push(codeBlock(`- ${expected}\n+ ${actual ?? ''}`, 'diff'));
  if (errorCode !== undefined) lines.push('', `Code ${code(errorCode)}`);
  if (expected === undefined && explanation !== undefined) lines.push(codeBlock(explanation));
  return lines.length > 2 ? lines : [];
}

function steps({ steps, stepsSummary }: Counterexample): string[] {
  const rows = steps.map((step) => [
    String(step.number),
    timeText(step.timeMicros),
    String(step.step),
    plain(step.who),
    `${plain(step.text)}${step.mark === null ? '' : ` **← ${step.mark}**`}`,
  ]);
  return ['## Steps', '', stepsSummary, '', ...table(['', 'time', 'step', 'who', 'what'], rows)];
}

/** One lane a column: what a diagram is where nothing can be drawn. */
function diagram({ lanes, moments, notice }: SpaceTime): string[] {
  const cellOf = ({ lane, from, text }: Moment, id: string): string => {
    if (lane === id) return plain(text);
    return from === id ? '→' : '';
  };
  const rows = moments.map((moment) => [
    timeText(moment.timeMicros),
    ...lanes.map(({ id }) => cellOf(moment, id)),
  ]);
  const head = ['time', ...lanes.map(({ title }) => plain(title))];
  return ['## Space and time', '', ...(notice === undefined ? [] : [notice, '']), ...table(head, rows)];
}

function disk({ powerLosses }: Counterexample): string[] {
  if (powerLosses.length === 0) return [];
  const lines = ['## The disk at each power loss'];
  for (const { machine, step, timeMicros, profile, mode, files, names } of powerLosses) {
    lines.push('', `### ${plain(machine)}, after step ${step}, t=${timeText(timeMicros)}`, '');
    lines.push(`Profile ${code(profile)}, pattern ${code(mode)}.`, '');
    const rows = files.flatMap(({ path, sizeBefore, sizeAfter, ranges }) =>
      ranges.map(({ from, to, fate }, index) => [
        index === 0 ? code(path) : '',
        index === 0 ? `${grouped(sizeBefore)} to ${sizeAfter === null ? 'gone' : grouped(sizeAfter)}` : '',
        `${grouped(from)} to ${grouped(to)}`,
        grouped(to - from),
        fate === 'durable' ? fate : `**${fate}**`,
      ]),
    );
    if (rows.length > 0) lines.push(...table(['file', 'size', 'offsets', 'bytes', 'fate'], rows));
    else lines.push('Every byte was durable.');
    for (const { path, before, after } of names)
      lines.push('', `${code(path)}: ${before} before, ${after} after.`);
  }
  return lines;
}

function pointOfNoReturn({ pointOfNoReturn: point }: Counterexample): string[] {
  if (point === null) return [];
  const { continuations, curve, jump } = point;
  const told =
    jump === null
      ? 'No step makes the failure more likely than the one before.'
      : `Between step ${jump.fromStep} and step ${jump.toStep} the share of continuations that fail rises by ${percent(jump.rise)}.`;
  const rows = curve.map(({ step, failed, share }) => [String(step), String(failed), percent(share)]);
  return [
    '## Point of no return',
    '',
    `${told} From each prefix, ${grouped(continuations)} fresh continuations.`,
    '',
    ...table(['after step', 'failed', 'share'], rows),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function facts({ facts }: Counterexample): string[] {
  return [
    '## Facts',
    ...facts.flatMap(({ title, facts: list }) => [
      '',
      `### ${title}`,
      '',
      ...list.map(([name, value]) => `- ${plain(name)}: ${code(value)}`),
    ]),
  ];
}

function minimizer({ minimizer }: Counterexample): string[] {
  if (minimizer === undefined) return [];
  const { summary, passes, slipped } = minimizer;
  const rows = passes.map(({ name, tries, accepted, size }) => [
    plain(name),
    grouped(tries),
    grouped(accepted),
    grouped(size.steps),
  ]);
  return [
    '## The minimizer',
    '',
    summary,
    '',
    ...table(['pass', 'tries', 'accepted', 'steps after'], rows),
    ...slipped.flatMap(({ signature, times, message }) => [
      '',
      `Refused ${grouped(times)} times, another failure: ${code(signature)} ${plain(message)}`,
    ]),
  ];
}

function trace({ trace }: Counterexample): string[] {
  if (trace === undefined) return [];
  const { lines, notice } = trace;
  return [
    '<details><summary>Full trace</summary>',
    '',
    ...(notice === undefined ? [] : [notice, '']),
    codeBlock(lines.join('\n')),
    '',
    '</details>',
  ];
}
