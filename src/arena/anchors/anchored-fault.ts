import type { DiskFaults, NetworkFaults } from '../../sim/index.ts';

/** A moment of a run, told by what the system had just done rather than by a number of steps. */
export interface Landmark {
  /** A machine; or a route of messages, `agent-1>node-1`. */
  readonly machine: string;
  /** The so-many-th process of the machine, within which is counted. Default: the whole run counts. */
  readonly life?: number | undefined;
  /** Call of the file system: `write`, `datasync`; or a message: `request POST /v1/votes`. Empty: before any. */
  readonly operation: string;
  /** Its path as `pathPattern` has it. Empty for messages. */
  readonly path: string;
  /** The so-many-th of these, from 1; of a fault that strikes: of those which it could strike. */
  readonly nth: number;
  /** Steps of the run since then. */
  readonly stepsAfter: number;
}

/** They come between two steps, wherever the run is. */
type MomentKind = 'power-loss' | 'kill' | 'crash-image' | 'clock-step' | 'clock-freeze' | 'pause' | 'rot';

/** A fault that was injected, and when: enough to inject it again without the draws that decided on it. */
export interface AnchoredFault {
  /** The others strike a call or a message. */
  readonly kind: MomentKind | keyof DiskFaults | keyof NetworkFaults;
  /** Or the route of a message. */
  readonly machine: string;
  readonly at: Landmark;
  /** Names the draws of what is left or struck; of a clock or pause: milliseconds. */
  readonly number: number;
  /** Which bit has flipped. */
  readonly place?: RottenPlace | undefined;
  /** What else was drawn for it as it struck, `[domain, value, domain, value, ...]`; on the tape where it was planned. */
  readonly details?: readonly number[] | undefined;
}

export interface RottenPlace {
  readonly path: string;
  /** The so-many-th such file, in the order of their paths, from 1. */
  readonly nth: number;
  /** Bytes from the start of the file. */
  readonly position: number;
  readonly bit: number;
}

/** The site, in the lane `fault`, of what else was decided of a fault that struck. */
export function labelOfStrike({ kind, machine, number }: AnchoredFault): string {
  return `${machine}:${kind}-${number}`;
}

/** Kinds that cases of the first format anchor; what else happened is told there by its draws. */
const firstKinds: ReadonlySet<AnchoredFault['kind']> = new Set([
  'power-loss',
  'kill',
  'crash-image',
  'clock-step',
]);

/** Faults to inject in place of those that would be drawn. */
export interface FaultPlan {
  readonly faults: readonly AnchoredFault[];
  /** `first`: only kinds that the first format of kept cases anchors; the others are drawn. */
  readonly kinds: 'all' | 'first';
}

/** Whether faults of `kind` are injected as planned, rather than drawn. */
export function isPlanned(plan: FaultPlan | undefined, kind: AnchoredFault['kind']): boolean {
  return plan !== undefined && (plan.kinds === 'all' || firstKinds.has(kind));
}

const ordinals = new Map([
  [1, 'st'],
  [2, 'nd'],
  [3, 'rd'],
]);

function ordinal(nth: number): string {
  const ending = nth % 100 > 10 && nth % 100 < 14 ? 'th' : (ordinals.get(nth % 10) ?? 'th');
  return `${nth}${ending}`;
}

const momentKinds: ReadonlySet<string> = new Set<MomentKind>([
  'power-loss',
  'kill',
  'crash-image',
  'clock-step',
  'clock-freeze',
  'pause',
  'rot',
]);

/** `power-loss of node-1, right after the 3rd datasync of /data/steme/wal/#-#.seg in life 2 of node-1`. */
export function plainFault(fault: AnchoredFault): string {
  const { kind, machine, at, place } = fault;
  const what = place === undefined ? kind : `${kind} in the ${ordinal(place.nth)} ${place.path}`;
  return `${what} of ${machine}, ${isMoment(fault) ? plainMoment(at) : plainChance(at)}`;
}

/** Whether it comes between two steps, rather than to strike a call or a message. */
export function isMoment({ kind }: AnchoredFault): boolean {
  return momentKinds.has(kind);
}

function plainMoment(at: Landmark): string {
  const when = at.stepsAfter === 0 ? 'right' : `${at.stepsAfter} steps`;
  return at.nth === 0 ? `${when} after the start` : `${when} after the ${plainPlace(at)}`;
}

function plainChance(at: Landmark): string {
  return `at the ${plainPlace(at)} that it could strike`;
}

function plainPlace({ machine, life, operation, path, nth }: Landmark): string {
  const of = path === '' ? '' : ` of ${path}`;
  const on = life === undefined || life === 0 ? `on ${machine}` : `in life ${life} of ${machine}`;
  return `${ordinal(nth)} ${operation}${of} ${on}`;
}
