import type { StoryStep } from '../explore/index.ts';

/** Space-time in characters: who does something, and who is there, at each step of a story. */
export interface Lanes {
  /** Agents, then machines, then what is no place: faults, and the check that fails. */
  readonly names: readonly string[];
  /** For each step of the story a mark for each lane. */
  readonly marks: readonly (readonly LaneMark[])[];
}

/** `down`: a machine without power, or a process that was killed; it is `idle` again with its next step. */
export type LaneMark = 'idle' | 'down' | 'act' | 'fault' | 'promise' | 'promise broken';

export const laneSigns: Readonly<Record<LaneMark, string>> = {
  idle: '│',
  down: '┊',
  act: '●',
  fault: '✗',
  promise: '◆',
  'promise broken': '✗',
};

const placeless = new Set(['fault', 'check']);

/** At most `lanesMax`: of more, those that do most. */
export function lanesOf(story: readonly StoryStep[], lanesMax: number): Lanes {
  const machines = new Set(story.filter(({ text }) => text === 'starts').map(({ who }) => who));
  for (const { who, text } of story) if (who === 'fault' && isCrash(text)) machines.add(text.split(' ')[0]!);
  const counts = new Map<string, number>();
  for (const step of story) {
    const lane = laneOf(step, machines);
    counts.set(lane, (counts.get(lane) ?? 0) + 1);
  }
  const busiest = [...counts].toSorted(([, one], [, other]) => other - one).slice(0, lanesMax);
  const names = busiest.map(([name]) => name).toSorted(byPlace(machines));
  const down = new Set<string>();
  const marks = story.map((step) => {
    const lane = laneOf(step, machines);
    if (step.who === 'fault' && isCrash(step.text)) down.add(lane);
    else down.delete(lane);
    return names.map((name): LaneMark => {
      if (name === lane) return markOf(step);
      return down.has(name) ? 'down' : 'idle';
    });
  });
  return { names, marks };
}

/** `agent-12` as `a12`, `fault` as `fa`. */
export function laneShort(name: string): string {
  const number = /\d+$/.exec(name)?.[0];
  return number === undefined ? name.slice(0, 2) : `${name.slice(0, 1)}${number}`;
}

function isCrash(text: string): boolean {
  return /^\S+ (loses power|is killed)/.test(text);
}

/** A fault happens where the machine is that it names first. */
function laneOf({ who, text }: StoryStep, machines: ReadonlySet<string>): string {
  const [first = ''] = text.split(' ');
  return who === 'fault' && machines.has(first) ? first : who;
}

function markOf({ who, mark }: StoryStep): LaneMark {
  return mark ?? (who === 'fault' ? 'fault' : 'act');
}

function byPlace(machines: ReadonlySet<string>): (one: string, other: string) => number {
  const rank = (name: string): string => {
    const group = placeless.has(name) ? 2 : machines.has(name) ? 1 : 0;
    return `${group} ${name.replaceAll(/\d+/g, (digits) => digits.padStart(6, '0'))}`;
  };
  return (one, other) => (rank(one) < rank(other) ? -1 : 1);
}
