import type { PointOfNoReturn } from '../../explore/index.ts';
import { escapeText } from '../xml.ts';
import { section } from './sections.ts';

const width = 640;
const height = 180;
const margin = 34;

/** When the failure became inevitable: the share of continuations that fail, over the steps. */
export function pointOfNoReturnSection({ continuations, curve, jump }: PointOfNoReturn): string {
  const last = Math.max(1, ...curve.map(({ step }) => step));
  const x = (step: number): string => (margin + ((width - 2 * margin) * step) / last).toFixed(1);
  const y = (share: number): string => (height - margin - (height - 2 * margin) * share).toFixed(1);
  const points = curve.map(({ step, share }) => `${x(step)},${y(share)}`).join(' ');
  const told =
    jump === null
      ? 'No step makes the failure more likely than the one before.'
      : `Between step ${jump.fromStep} and step ${jump.toStep} the share of continuations that fail rises by ${percent(jump.rise)}.`;
  const band =
    jump === null
      ? ''
      : `<rect class="jump" x="${x(jump.fromStep)}" y="${margin}" width="${(Number(x(jump.toStep)) - Number(x(jump.fromStep))).toFixed(1)}" height="${height - 2 * margin}"/>`;
  const rows = curve.map(
    ({ step, failed, share }) => `<tr><td>${step}</td><td>${failed}</td><td>${percent(share)}</td></tr>`,
  );
  return section(
    'point-of-no-return',
    'Point of no return',
    `<p>${escapeText(told)} From each prefix, ${continuations} fresh continuations.</p>
<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(told)}">
${band}<line class="axis" x1="${margin}" y1="${y(0)}" x2="${width - margin}" y2="${y(0)}"/><line class="axis" x1="${margin}" y1="${y(1)}" x2="${width - margin}" y2="${y(1)}"/>
<polyline points="${points}"/>
<text x="2" y="${y(1)}" dy="4">100 %</text><text x="12" y="${y(0)}" dy="4">0 %</text><text x="${width - margin}" y="${height - 10}" text-anchor="end">step ${last}</text>
</svg>
<details><summary>In figures</summary><table><thead><tr><th scope="col">after step</th><th scope="col">failed</th><th scope="col">share</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
