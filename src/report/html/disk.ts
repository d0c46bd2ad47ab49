import type { FileLoss, TracePowerLoss } from '../../explore/index.ts';
import { timeText } from '../counterexample.ts';
import { grouped } from '../style.ts';
import { escapeAttribute, escapeText } from '../xml.ts';
import { section } from './sections.ts';

const fates = [
  ['durable', 'was synced'],
  ['unsynced', 'was written, not synced'],
  ['kept', 'was not synced, and is there all the same'],
  ['lost', 'is as if it had not been written'],
  ['torn', 'is neither as before nor as written'],
] as const;

/** What each power loss did to each file, before and after, by offset. */
export function diskSection(losses: readonly TracePowerLoss[]): string {
  if (losses.length === 0) return '';
  const legend = fates.map(
    ([fate, meaning]) => `<li><span class="swatch ${fate}"></span>${fate}: ${escapeText(meaning)}</li>`,
  );
  return section(
    'disk',
    losses.length === 1 ? 'The disk at the power loss' : `The disk at ${losses.length} power losses`,
    `<ul class="legend">${legend.join('')}</ul>\n${losses.map(lossBlock).join('\n')}`,
  );
}

function lossBlock({ machine, step, timeMicros, profile, mode, files, names }: TracePowerLoss): string {
  const renamed = names.map(
    ({ path, before, after }) =>
      `<li><code>${escapeText(path)}</code>: ${escapeText(before)} before, ${escapeText(after)} after</li>`,
  );
  return `<div class="loss"><h3>${escapeText(machine)}, after step ${grouped(step)}, t=${timeText(timeMicros)}</h3>
<p class="quiet">profile ${escapeText(profile)}, pattern ${escapeText(mode)}</p>
${files.length === 0 ? '<p>Every byte of every file was durable.</p>' : files.map(fileBlock).join('\n')}
${renamed.length === 0 ? '' : `<p>Names that changed:</p><ul>${renamed.join('')}</ul>`}</div>`;
}

function fileBlock({ path, sizeBefore, sizeAfter, ranges }: FileLoss): string {
  const end = sizeAfter === null ? 'gone' : `${grouped(sizeAfter)} bytes`;
  const rows = ranges.map(
    ({ from, to, fate }) =>
      `<tr><td>${grouped(from)}</td><td>${grouped(to)}</td><td>${grouped(to - from)}</td><td><span class="swatch ${fate}"></span>${fate}</td></tr>`,
  );
  const before = ranges.map(({ from, to, fate }) => ({
    from,
    to: Math.min(to, sizeBefore),
    kind: fate === 'durable' ? fate : 'unsynced',
  }));
  const after = ranges.map(({ from, to, fate }) => ({ from, to, kind: fate }));
  return `<div class="file"><p><code>${escapeText(path)}</code> <span class="quiet">${grouped(sizeBefore)} bytes, then ${end}</span></p>
${bar('before', before)}
${bar('after', after)}
<details><summary>By offset</summary><table><thead><tr><th scope="col">from</th><th scope="col">to</th><th scope="col">bytes</th><th scope="col">fate</th></tr></thead><tbody>${rows.join('')}</tbody></table></details></div>`;
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

function bar(label: string, parts: readonly Part[]): string {
  const shown = parts.filter(({ from, to }) => to > from);
  const told = shown.map(({ from, to, kind }) => `${grouped(to - from)} bytes ${kind}`).join(', ');
  const cells = shown.map(
    ({ from, to, kind }) =>
      `<span class="${kind}" style="flex-grow:${to - from}" title="${from} to ${to}: ${kind}"></span>`,
  );
  return `<div class="bar"><span class="quiet" aria-hidden="true">${label}</span><div role="img" aria-label="${escapeAttribute(`${label}: ${told || 'empty'}`)}">${cells.join('')}</div></div>`;
}
