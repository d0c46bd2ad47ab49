import type { FailureGroup } from '../../campaign-tally.ts';
import { runsText } from '../../style.ts';
import { escapeAttribute, escapeText } from '../../xml.ts';
import { section } from '../sections.ts';
import type { Campaign } from './document.ts';

/** One for each signature, those that came most often first. */
export function failuresSection({ tally, linkTo }: Campaign): string {
  const groups = tally.signatures().toSorted((one, other) => other.runs - one.runs);
  if (groups.length === 0) return '';
  const items = groups.map((group, index) => failureItem(group, index, linkTo));
  return section('failures', 'Failures', `<ol class="failure-list">\n${items.join('\n')}\n</ol>`);
}

function failureItem(group: FailureGroup, index: number, linkTo: Campaign['linkTo']): string {
  const { signature, isError, runs, seed, arena, scenario, property, explanation } = group;
  const href = explanation?.page === undefined ? undefined : linkTo(explanation.page);
  const title = escapeText(explanation?.message ?? property);
  const again =
    explanation === undefined
      ? ''
      : `<p class="command"><code id="command-${index}">${escapeText(explanation.replay)}</code> <button type="button" data-copy="command-${index}" aria-label="Copy what to type to replay failure ${index + 1}">Copy</button></p>`;
  return `<li><h3>${href === undefined ? title : `<a href="${escapeAttribute(href)}">${title}</a>`}</h3>
<p><code>${escapeText(signature)}</code>${isError ? ' <strong class="mark">error of the simulator</strong>' : ''}</p>
<p class="quiet">${runsText(runs)} · first seed ${escapeText(seed)} · ${escapeText(arena)} · ${escapeText(scenario)}</p>
${again}</li>`;
}
