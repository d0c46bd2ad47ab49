'use strict';

/** From the embedded states: what disks, clocks and tasks were like after each frame, and at a moment. */
// oxlint-disable-next-line no-unused-vars -- page.js, which follows it in the page, calls it
function worldAt(embedded) {
  if (embedded === null) return { frames: [], at: () => [], indexOf: () => -1 };
  const { base, baseStep, frames } = JSON.parse(embedded.textContent);
  const states = [base];
  for (const frame of frames) states.push(applied(states.at(-1), frame));

  /** The last frame that is no later than a moment. */
  const indexOf = ({ step, isFault }) =>
    frames.findLastIndex(
      (frame) => frame.step <= step && (isFault || frame.operation !== 'fault' || frame.step < step),
    );

  const at = (index, { step, timeMicros }) => {
    if (step < baseStep) return [line('The state at this step was left out, for size.', 'quiet')];
    const state = states[index + 1];
    const ran = frames[index]?.task;
    return [
      ...Object.entries(state.machines).flatMap(([name, machine]) => machineParts(name, machine, timeMicros)),
      ...tasksPart(state.tasks, ran),
    ];
  };
  return { frames, at, indexOf };
}

function applied(state, { machines = {}, tasks = {} }) {
  const next = { ...state.machines };
  for (const [name, { files = {}, ...change }] of Object.entries(machines)) {
    next[name] = { ...next[name], ...change, files: merged(next[name]?.files ?? {}, files) };
  }
  return { machines: next, tasks: merged(state.tasks, tasks) };
}

function merged(before, changes) {
  const all = { ...before, ...changes };
  for (const [key, value] of Object.entries(changes)) if (value === null) delete all[key];
  return all;
}

function line(text, className = '') {
  return element('p', { className }, text);
}

function machineParts(name, { clock, process, isPaused, files }, timeMicros) {
  const elapsedMs = (timeMicros - clock.anchorMicros) / 1000;
  const rate = clock.isFrozen ? 0 : 1 + clock.driftPpm / 1e6;
  const wall = new Date(Math.floor(clock.anchorWallMs + elapsedMs * rate));
  const notes = [
    clock.isFrozen ? ', frozen' : '',
    clock.driftPpm === 0 ? '' : `, drifts by ${clock.driftPpm} ppm`,
  ].join('');
  const power = process === null ? 'nothing runs' : `${process} ${isPaused ? 'stands still' : 'runs'}`;
  const shown = Object.entries(files).filter(
    ([, { kind, name: known }]) => kind === 'file' || known !== 'durable',
  );
  return [
    element('h3', {}, name),
    line(`${power}; wall clock ${wall.toISOString().replace('T', ' ').replace('Z', '')}${notes}`),
    element('ul', {}, ...shown.map(([path, file]) => fileItem(path, file))),
  ];
}

const nameNotes = { durable: '', unsynced: ', name not durable', removed: ', name removed' };

function fileItem(path, { kind, size, unsynced, stale, name }) {
  if (kind === 'directory')
    return element('li', {}, element('code', {}, path), `: directory${nameNotes[name]}`);
  const pending = unsynced.reduce((sum, [from, to]) => sum + to - from, 0);
  const told = `: ${size - pending} bytes durable, ${pending} unsynced${nameNotes[name]}`;
  const part = ([from, to], className) => {
    const made = element('span', { className });
    made.style.left = `${(100 * from) / size}%`;
    made.style.width = `${(100 * (Math.min(to, size) - from)) / size}%`;
    return made;
  };
  const bar = element('div', { className: size === 0 ? 'extent none' : 'extent', ariaHidden: 'true' });
  if (size > 0)
    bar.append(...unsynced.map((range) => part(range, '')), ...stale.map((range) => part(range, 'stale')));
  return element('li', {}, element('code', {}, path), told, bar);
}

function tasksPart(tasks, ran) {
  const items = Object.entries(tasks).map(([path, { waits }]) => {
    const waiting = waits.map(({ on, state, sinceStep, dueMicros, heldBy }) => {
      const due = dueMicros === undefined ? '' : `, due at ${dueMicros / 1000} ms`;
      const held = heldBy === undefined ? '' : `, which ${heldBy} has`;
      return `${on} (${state}, since step ${sinceStep}${due}${held})`;
    });
    const head = element(
      'code',
      { className: path === ran ? 'ran' : '' },
      path.replace(/^main\/root\/?/, '') || 'root',
    );
    return element('li', {}, head, path === ran ? ' ran, and waits for ' : ' waits for ', waiting.join(', '));
  });
  return items.length === 0
    ? []
    : [element('h3', {}, `Tasks (${items.length})`), element('ul', {}, ...items)];
}
