import type { ReplayStates } from '../../explore/index.ts';
import { timeText } from '../counterexample.ts';
import type { Lane, Moment, SpaceTime } from '../space-time.ts';
import { bytes, grouped } from '../style.ts';
import { escapeAttribute, escapeText } from '../xml.ts';
import { section } from './sections.ts';

const gutter = 72;
const rowHeight = 30;
const laneWidths = { agent: 200, engine: 150, disk: 290, faults: 170 } as const;
/** About, of the font of labels: what a label may be long without leaving its lane. */
const characterWidth = 6.1;

interface Column extends Lane {
  readonly left: number;
  readonly width: number;
  /** Where things happen: in the lane of a disk, where it is durable. */
  readonly x: number;
  /** Where unsynced bytes are, in the lane of a disk. */
  readonly unsyncedX: number;
}

/** Lanes side by side, time downwards, a row for each moment; and what walks through it. */
export function diagramSection(of: SpaceTime, states: ReplayStates | undefined): string {
  const columns = columnsOf(of.lanes);
  const width = columns.reduce((sum, column) => sum + column.width, gutter);
  const height = of.moments.length * rowHeight + 8;
  const most = Math.max(
    1,
    ...of.moments.flatMap(({ disks }) => disks.map(({ unsyncedBytes }) => unsyncedBytes)),
  );
  const heads = columns.map(
    ({ title, kind, width: wide }) =>
      `<span class="lane ${kind}" style="width:${wide}px">${escapeText(title)}${kind === 'disk' ? '<small>durable | unsynced</small>' : ''}</span>`,
  );
  const lines = columns.flatMap((column) => laneLines(column, height));
  const rows = of.moments.map((moment, index) => row(moment, index, { columns, width, most }));
  return section(
    'space-time',
    'Space and time',
    `${of.notice === undefined ? '' : `<p class="note">${escapeText(of.notice)}</p>`}
<p class="quiet">Walk through the moments with the slider or the arrow keys, or choose one; beside it stands the world as it was then. The thin slider walks through every step between them.</p>
<div class="walk">
<div class="diagram" tabindex="0" role="region" aria-label="Diagram, scrolls">
<div class="lanes" style="width:${width}px" aria-hidden="true"><span style="width:${gutter}px"></span>${heads.join('')}</div>
<svg id="diagram" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="What each lane did, in order of time">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${lines.join('')}
${rows.join('\n')}
</svg>
</div>
<div class="scrubber">
<div class="controls"><button type="button" data-move="-1" aria-label="Previous moment">◀</button><input type="range" id="scrub" min="0" max="${of.moments.length - 1}" value="${of.moments.length - 1}" aria-label="Moment"><button type="button" data-move="1" aria-label="Next moment">▶</button></div>
<label class="fine">Every step <input type="range" id="fine" min="0" value="0"></label>
<div id="state" aria-live="polite"></div>
<div id="world"></div>
</div>
</div>
<script type="application/json" id="moments">${embeddedJson(of.moments.map(stateOf))}</script>${
      states === undefined
        ? ''
        : `\n<script type="application/json" id="states">${embeddedJson(states)}</script>`
    }`,
  );
}

function columnsOf(lanes: readonly Lane[]): Column[] {
  let left = gutter;
  return lanes.map((lane) => {
    const width = laneWidths[lane.kind];
    const x = lane.kind === 'disk' ? left + 40 : left + 14;
    const column = { ...lane, left, width, x, unsyncedX: left + 110 };
    left += width;
    return column;
  });
}

function laneLines({ kind, x, unsyncedX }: Column, height: number): string[] {
  const line = (at: number, name: string): string =>
    `<line class="lane-line ${name}" x1="${at}" y1="0" x2="${at}" y2="${height}"/>`;
  return kind === 'disk' ? [line(x, 'durable-line'), line(unsyncedX, 'unsynced-line')] : [line(x, kind)];
}

interface Drawing {
  readonly columns: readonly Column[];
  readonly width: number;
  /** Unsynced bytes that fill a lane. */
  readonly most: number;
}

function row(moment: Moment, index: number, drawing: Drawing): string {
  const y = index * rowHeight + rowHeight / 2;
  const { timeMicros, text, lane, kind, mark } = moment;
  const told = `${timeText(timeMicros)}, ${lane}: ${text}${mark === null ? '' : `, ${mark}`}`;
  const classes = ['moment', kind, ...(mark === null ? [] : ['marked'])].join(' ');
  return (
    `<g class="${classes}" id="moment-${index}" data-index="${index}" role="img" tabindex="-1" aria-label="${escapeAttribute(told)}">` +
    `<title>${escapeText(told)}</title>` +
    `<rect class="back" x="0" y="${index * rowHeight}" width="${drawing.width}" height="${rowHeight}"/>` +
    `<text class="time" x="${gutter - 8}" y="${y + 4}" text-anchor="end">${timeText(timeMicros)}</text>` +
    `${levels(moment, y, drawing)}${shape(moment, y, drawing)}</g>`
  );
}

/** How many bytes were not synced by then: a bar in the lane of each disk. */
function levels({ disks }: Moment, y: number, { columns, most }: Drawing): string {
  return disks
    .map(({ machine, unsyncedBytes }) => {
      const column = columns.find(({ id }) => id === `disk of ${machine}`);
      if (column === undefined || unsyncedBytes === 0) return '';
      const room = column.left + column.width - column.unsyncedX - 6;
      const wide = Math.max(2, Math.round((room * unsyncedBytes) / most));
      return `<rect class="level" x="${column.unsyncedX}" y="${y - 11}" width="${wide}" height="22"/>`;
    })
    .join('');
}

function shape(moment: Moment, y: number, { columns }: Drawing): string {
  const lane = columns.find(({ id }) => id === moment.lane);
  if (lane === undefined) return '';
  const from = columns.find(({ id }) => id === moment.from);
  const arrow = (x1: number, x2: number): string =>
    `<line class="arrow" x1="${x1}" y1="${y}" x2="${x2}" y2="${y}" marker-end="url(#arrow)"/>`;
  const label = (x: number, room: number): string =>
    `<text class="label" x="${x}" y="${y + 4}">${escapeText(shortened(moment.text, room))}</text>`;
  const right = lane.left + lane.width;
  switch (moment.kind) {
    case 'write':
    case 'name': {
      const start = from === undefined ? lane.x : from.x;
      return `${arrow(start, lane.unsyncedX - 5)}<circle class="dot" cx="${lane.unsyncedX}" cy="${y}" r="4"/>${label(lane.unsyncedX + 9, right - lane.unsyncedX - 9)}`;
    }
    case 'sync':
      return `${arrow(lane.unsyncedX, lane.x + 6)}<circle class="dot" cx="${lane.x}" cy="${y}" r="4.5"/>${label(lane.unsyncedX + 9, right - lane.unsyncedX - 9)}`;
    case 'power-loss':
      return `<line class="bolt" x1="${from === undefined ? lane.left : Math.min(lane.left, from.x)}" y1="${y}" x2="${Math.max(right - 6, from?.x ?? 0)}" y2="${y}"/>${cross(lane.unsyncedX, y)}${from === undefined ? '' : `${cross(from.x, y)}${label(from.x + 12, from.width - 28)}`}`;
    case 'fault':
      return from === undefined
        ? `${cross(lane.x, y)}${label(lane.x + 12, lane.width - 28)}`
        : `<line class="bolt" x1="${from.x}" y1="${y}" x2="${lane.x}" y2="${y}"/>${cross(lane.x, y)}${label(from.x + 12, from.width - 28)}`;
    case 'message':
      return `${from === undefined ? '' : arrow(from.x, lane.x + (from.x < lane.x ? -5 : 5))}<circle class="dot" cx="${lane.x}" cy="${y}" r="3"/>${label(lane.x + 10, lane.width - 26)}`;
    default:
      return `<circle class="dot" cx="${lane.x}" cy="${y}" r="5"/>${label(lane.x + 12, lane.width - 28)}`;
  }
}

function cross(x: number, y: number): string {
  return `<path class="cross" d="M${x - 5} ${y - 5}l10 10m0-10l-10 10"/>`;
}

function shortened(text: string, room: number): string {
  const most = Math.max(3, Math.floor(room / characterWidth));
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** What the page shows of a moment. */
function stateOf({ step, timeMicros, lane, kind, text, mark, disks, waiting }: Moment): object {
  return {
    step,
    timeMicros,
    isFault: kind === 'fault' || kind === 'power-loss',
    head: `step ${grouped(step)}, t=${timeText(timeMicros)}`,
    lane,
    text,
    mark,
    waiting: waiting ?? null,
    disks: disks.map(({ machine, bytes: all, unsyncedBytes }) => ({
      machine,
      all,
      unsynced: unsyncedBytes,
      told: `${bytes(all)}, ${bytes(unsyncedBytes)} unsynced`,
    })),
  };
}

/** JSON that no text in it can break out of. */
function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
