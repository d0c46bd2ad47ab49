const all = (selector) => [...document.querySelectorAll(selector)];
const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

document.getElementById('theme').addEventListener('change', ({ target }) => {
  document.documentElement.dataset.theme = target.value;
});

for (const button of all('[data-copy]')) {
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(source);
      button.textContent = 'Selected';
    }
  });
}

for (const field of all('[data-filter]')) {
  field.addEventListener('input', () => {
    const wanted = field.value.toLowerCase();
    for (const item of all(field.dataset.filter)) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  });
}

for (const field of all('[data-filter-lines]')) {
  const shown = document.getElementById(field.dataset.filterLines);
  const lines = shown.textContent.split('\n');
  field.addEventListener('input', () => {
    const wanted = field.value.toLowerCase();
    shown.textContent = lines.filter((line) => line.toLowerCase().includes(wanted)).join('\n');
  });
}

const scrub = document.getElementById('scrub');
if (scrub !== null) walkThrough(JSON.parse(document.getElementById('moments').textContent));

function walkThrough(moments) {
  const rows = all('.moment');
  const links = all('#step-list a');
  const world = worldAt(document.getElementById('states'));
  const fine = document.getElementById('fine');
  fine.max = String(world.frames.length - 1);
  fine.closest('label').hidden = world.frames.length === 0;
  let current = moments.length - 1;

  const diskOf = ({ machine, all: bytes, unsynced, told }) => {
    const level = element('span', {});
    level.style.width = `${bytes === 0 ? 0 : (100 * unsynced) / Math.max(bytes, unsynced)}%`;
    const meter = element('div', { className: 'meter', ariaHidden: 'true' }, level);
    return element('div', {}, element('p', {}, `disk of ${machine}: ${told}`), meter);
  };

  const show = (index) => {
    current = Math.min(Math.max(index, 0), moments.length - 1);
    const { head, lane, text, mark, waiting, disks } = moments[current];
    scrub.value = String(current);
    scrub.setAttribute('aria-valuetext', `${current + 1} of ${moments.length}: ${lane} ${text}`);
    for (const [at, row] of rows.entries()) {
      row.classList.toggle('picked', at === current);
      row.setAttribute('tabindex', at === current ? '0' : '-1');
    }
    for (const link of links) link.classList.toggle('picked', link.hash === `#moment-${current}`);
    document
      .getElementById('state')
      .replaceChildren(
        element('p', { className: 'quiet' }, `${current + 1} of ${moments.length}, ${head}`),
        element('p', {}, element('strong', {}, lane), ` ${text}`),
        ...(mark === null ? [] : [element('p', { className: 'mark' }, mark)]),
        ...disks.map(diskOf),
        ...(waiting === null
          ? []
          : [element('p', { className: 'quiet' }, `${waiting} other operations could have been next`)]),
      );
    const frame = world.indexOf(moments[current]);
    fine.value = String(frame);
    document.getElementById('world').replaceChildren(...world.at(frame, moments[current]));
  };

  /** Every step of the run, those between two moments of the diagram too. */
  const showFrame = (index) => {
    const frame = world.frames[index];
    show(moments.findLastIndex(({ step }) => step <= frame.step));
    reveal(rows[current]);
    fine.value = String(index);
    const what = `step ${frame.step}: ${frame.task} ${frame.operation} ${frame.resource}`.trim();
    fine.setAttribute('aria-valuetext', what);
    document
      .getElementById('world')
      .replaceChildren(element('p', { id: 'fine-step' }, what), ...world.at(index, frame));
  };

  const go = (index, focus) => {
    show(index);
    reveal(rows[current]);
    if (focus) rows[current].focus({ preventScroll: true });
  };

  scrub.addEventListener('input', () => go(Number(scrub.value), false));
  fine.addEventListener('input', () => showFrame(Number(fine.value)));
  for (const button of all('[data-move]')) {
    button.addEventListener('click', () => go(current + Number(button.dataset.move), false));
  }
  for (const [at, row] of rows.entries()) {
    row.addEventListener('focus', () => at !== current && show(at));
    row.addEventListener('click', () => go(at, true));
  }
  for (const link of links) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      go(Number(link.hash.slice('#moment-'.length)), true);
      document.getElementById('space-time').scrollIntoView({ block: 'start' });
    });
  }
  const moves = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  document.querySelector('.diagram').addEventListener('keydown', (event) => {
    const target =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? moments.length - 1
          : event.key in moves
            ? current + moves[event.key]
            : undefined;
    if (target === undefined) return;
    event.preventDefault();
    go(target, true);
  });
  show(current);
  reveal(rows[current]);
}

/** Scrolls the diagram, and not the page, so that a row can be seen. */
function reveal(row) {
  const box = document.querySelector('.diagram');
  const { top, bottom } = row.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  const head = box.querySelector('.lanes').offsetHeight;
  if (top < frame.top + head) box.scrollTop -= frame.top + head - top;
  else if (bottom > frame.bottom) box.scrollTop += bottom - frame.bottom;
}
