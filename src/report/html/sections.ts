import { type Counterexample, timeText, type ToldStep } from '../counterexample.ts';
import type { Moment } from '../space-time.ts';
import { grouped } from '../style.ts';
import { escapeAttribute, escapeText } from '../xml.ts';

/** A part of the page with its heading, which names it for those who cannot see it. */
export function section(id: string, title: string, content: string): string {
  return `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${escapeText(title)}</h2>
${content}
</section>`;
}

export function filterField(target: string, label: string): string {
  return `<label class="filter">${escapeText(label)} <input type="search" data-filter="${target}"></label>`;
}

export function replaySection({ replay }: Counterexample): string {
  return section(
    'replay',
    'Replay',
    `<p class="command"><code id="command">${escapeText(replay)}</code> <button type="button" data-copy="command">Copy</button></p>`,
  );
}

export function expectedSection({ failure }: Counterexample): string {
  if (failure === undefined) return '';
  const { expected, actual, code, explanation } = failure;
  const parts: string[] = [];
  if (expected !== undefined) {
    parts.push(
      `<dl class="difference"><div class="expected"><dt>expected</dt><dd>${escapeText(expected)}</dd></div>` +
        `<div class="actual"><dt>actual</dt><dd>${escapeText(actual ?? '')}</dd></div></dl>`,
    );
  }
  if (code !== undefined) parts.push(`<p>Code <code>${escapeText(code)}</code></p>`);
  if (explanation !== undefined) {
    const open = expected === undefined ? ' open' : '';
    parts.push(
      `<details${open}><summary>Where it was found</summary><pre tabindex="0">${escapeText(explanation)}</pre></details>`,
    );
  }
  return parts.length === 0 ? '' : section('expected', 'Expected and actual', parts.join('\n'));
}

export function stepsSection({ steps, stepsSummary, spaceTime }: Counterexample): string {
  const items = steps.map((step) => stepItem(step, momentOf(step, spaceTime?.moments ?? [])));
  return section(
    'steps',
    'Steps',
    `<p class="quiet">${escapeText(stepsSummary)}</p>
${filterField('#step-list li', 'Filter')}
<ol id="step-list" tabindex="0" start="${steps[0]?.number ?? 1}">
${items.join('\n')}
</ol>`,
  );
}

/** The place in the diagram that shows this step. */
function momentOf(step: ToldStep, moments: readonly Moment[]): number | undefined {
  const index = moments.findIndex((moment) => moment.step === step.step && step.text.endsWith(moment.text));
  return index === -1 ? undefined : index;
}

function stepItem(step: ToldStep, moment: number | undefined): string {
  const { timeMicros, who, text, isFault, mark } = step;
  const words =
    `<span class="time">${timeText(timeMicros)}</span> <span class="who">${escapeText(who)}</span> ` +
    `<span class="what">${escapeText(text)}</span>`;
  const told = mark === null ? words : `${words} <strong class="mark">${escapeText(mark)}</strong>`;
  const linked =
    moment === undefined
      ? `<span class="row">${told}</span>`
      : `<a class="row" href="#moment-${moment}">${told}</a>`;
  return `<li${isFault ? ' class="fault"' : ''}>${linked}</li>`;
}

export function factsSection({ facts }: Counterexample): string {
  const groups = facts.map(({ title, facts: list }) => {
    const rows = list.map(
      ([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd></div>`,
    );
    return `<div class="facts"><h3>${escapeText(title)}</h3><dl>${rows.join('')}</dl></div>`;
  });
  return section('facts', 'Facts', `<div class="groups">${groups.join('\n')}</div>`);
}

export function minimizerSection({ minimizer }: Counterexample): string {
  if (minimizer === undefined) return '';
  const { summary, passes, slipped } = minimizer;
  const rows = passes.map(
    ({ name, tries, accepted, size }) =>
      `<tr><th scope="row">${escapeText(name)}</th><td>${grouped(tries)}</td><td>${grouped(accepted)}</td><td>${grouped(size.faults)}</td><td>${grouped(size.operations)}</td><td>${grouped(size.steps)}</td></tr>`,
  );
  const refused = slipped.map(
    ({ signature, times, message }) =>
      `<li><code>${escapeText(signature)}</code> ${grouped(times)} times: ${escapeText(message)}</li>`,
  );
  return section(
    'minimizer',
    'The minimizer',
    `<p>${escapeText(summary)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Passes of the minimizer"><table><thead><tr><th scope="col">pass</th><th scope="col">tries</th><th scope="col">accepted</th><th scope="col">faults</th><th scope="col">operations</th><th scope="col">steps</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
${refused.length === 0 ? '' : `<h3>Other failures on the way, refused</h3><ul>${refused.join('')}</ul>`}`,
  );
}

export function traceSection({ trace }: Counterexample): string {
  if (trace === undefined) return '';
  const { lines, notice } = trace;
  return section(
    'trace',
    'Full trace',
    `<details><summary>${grouped(lines.length)} events</summary>
${notice === undefined ? '' : `<p class="note">${escapeText(notice)}</p>`}
<label class="filter">Filter <input type="search" data-filter-lines="trace-lines"></label>
<pre id="trace-lines" tabindex="0" role="region" aria-label="${escapeAttribute('Events of the trace')}">${escapeText(lines.join('\n'))}</pre>
</details>`,
  );
}
