import { readFile } from 'node:fs/promises';
import { type AnchoredFault, labelOfStrike, plainFault, type Scenario } from '../../arena/index.ts';
import { type Lane, lanes, type Overtaking, type Tape } from '../../sim/index.ts';
import { exitCodes } from '../exit-code.ts';
import type { PlayedRun } from '../play.ts';
import { isAnchored } from './anchored-sites.ts';

/** A sequence of draws as on a tape, `[domain, value, domain, value, ...]`, without the zeros at its end. */
export type Choices = readonly number[];

/**
 * A failure told by what it means rather than by a seed, so that it outlives changes of the code elsewhere:
 * `fixtures/regressions/<name>.json`. What is not told is calm, in order, or left out. A contract.
 */
export interface KeptCase {
  readonly type: 'kept-case';
  /** 1: faults of disk and network, pauses and rot are among the choices, by the number of a draw. */
  readonly format: 1 | 2;
  readonly name: string;
  readonly arena: string;
  /** In full, so that a change of the profile changes no kept case. */
  readonly scenario: Scenario;
  /** Every option, by name and value. */
  readonly knobs: Readonly<Record<string, string>>;
  readonly property: string;
  readonly signature: string;
  readonly message: string;
  /** `fail`: the bug is known and there; `pass`: it has been fixed, and must not come back. */
  readonly expect: 'pass' | 'fail';
  /** Where it came from. Nothing of this is needed to play it. */
  readonly found: {
    readonly seed: string;
    readonly run: number;
    readonly strategy: string;
    readonly commit: string | null;
    /** The bug that was planted. */
    readonly mutant: string | null;
  };
  /** The run in plain words. */
  readonly steps: readonly string[];
  /** All that agents do. */
  readonly operations: readonly { readonly operation: string; readonly choices: Choices }[];
  /** By what the system had just done, or what they struck. */
  readonly faults: readonly KeptFault[];
  /** Who runs out of turn. */
  readonly schedule: readonly Overtaking[];
  /** Everything else that is not calm, by lane and label. */
  readonly choices: Readonly<Record<Lane, Readonly<Record<string, Choices>>>>;
  /** Of the run as it was kept. Another one means that the code has changed, and nothing else. */
  readonly digest: string;
}

export interface KeptFault extends Omit<AnchoredFault, 'details'> {
  /** In plain words. */
  readonly told: string;
  /** What is left of the disk, or what else there was to decide, by label. */
  readonly choices: Readonly<Record<string, Choices>>;
}

/** A file that is not a kept case. */
export class KeptCaseError extends Error {
  readonly code = 'SIM_KEPT_CASE';
  readonly exitCode = exitCodes.usage;

  constructor(file: string, reason: string) {
    super(`${file} is no kept case: ${reason}.`);
    this.name = 'KeptCaseError';
  }
}

/** Throws `KeptCaseError`. */
export async function readKeptCase(file: string): Promise<KeptCase> {
  let value: Partial<KeptCase>;
  try {
    value = JSON.parse(await readFile(file, 'utf8')) as Partial<KeptCase>;
  } catch (error) {
    throw new KeptCaseError(file, (error as Error).message);
  }
  if (value?.type !== 'kept-case') throw new KeptCaseError(file, 'it is of another type');
  if (value.format !== 1 && value.format !== 2)
    throw new KeptCaseError(file, `format ${String(value.format)} is not known here`);
  for (const field of [
    'arena',
    'scenario',
    'knobs',
    'operations',
    'faults',
    'schedule',
    'choices',
  ] as const) {
    if (value[field] === undefined) throw new KeptCaseError(file, `it has no "${field}"`);
  }
  return value as KeptCase;
}

export interface CaseOrigin {
  readonly name: string;
  readonly steps: readonly string[];
  readonly commit: string | null;
  readonly mutant: string | null;
}

/** `played` must have been recorded, and observed, and have failed. */
export function toKeptCase(played: PlayedRun, origin: CaseOrigin): KeptCase {
  const { record, failure, scenario, knobs } = played;
  if (failure === undefined || record.signature === null) {
    throw new TypeError('Only a recorded run that failed can be kept.');
  }
  return {
    type: 'kept-case',
    format: 2,
    name: origin.name,
    arena: record.arena,
    scenario,
    knobs,
    property: failure.property,
    signature: record.signature,
    message: failure.message,
    expect: 'fail',
    found: {
      seed: record.seed,
      run: record.run,
      strategy: record.strategy,
      commit: origin.commit,
      mutant: origin.mutant,
    },
    steps: origin.steps,
    ...tellingOf(played),
    digest: record.digest,
  };
}

type Telling = Pick<KeptCase, 'operations' | 'faults' | 'schedule' | 'choices'>;

/** What happens in a run that was recorded and observed: all that has to be said for it to happen again. */
export function tellingOf({ scenario, tape, observed }: PlayedRun): Telling {
  if (tape === undefined) throw new TypeError('Only a recorded run can be told.');
  const done = Object.keys(tape.workload)
    .filter((site) => site.startsWith('omit ') && tape.workload[site]?.[1] === 0)
    .map((site) => site.slice('omit '.length));
  const faults = observed.faults.map((fault): KeptFault => {
    const { details: _, ...anchored } = fault;
    return { ...anchored, told: plainFault(fault), choices: detailsOf(tape, fault) };
  });
  const told = new Set([...done, ...faults.flatMap(({ choices }) => Object.keys(choices))]);
  const rest = (lane: Lane): Record<string, Choices> =>
    labelled(
      Object.entries(tape[lane]).filter(
        ([site]) => !told.has(site) && !site.startsWith('omit ') && !isAnchored(lane, site, scenario),
      ),
    );
  return {
    operations: done.map((operation) => ({ operation, choices: trimmed(tape.workload[operation] ?? []) })),
    faults,
    schedule: observed.overtakings,
    choices: { knobs: {}, workload: rest('workload'), fault: rest('fault'), schedule: rest('schedule') },
  };
}

/** The tape to play a kept case by, in mode `steps`. */
export function tapeOf({ operations, faults, choices }: KeptCase): Tape {
  const tape = Object.fromEntries(lanes.map((lane) => [lane, { ...choices[lane] }])) as Record<
    Lane,
    Record<string, readonly number[]>
  >;
  for (const { operation, choices: values } of operations) {
    tape.workload[`omit ${operation}`] = [2, 0];
    if (values.length > 0) tape.workload[operation] = values;
  }
  for (const fault of faults) Object.assign(tape.fault, fault.choices);
  return tape;
}

function detailsOf(tape: Tape, fault: AnchoredFault): Record<string, Choices> {
  const { kind, machine, number, details } = fault;
  if (kind === 'power-loss' || kind === 'crash-image') {
    const label = `${machine}:crash-${number} `;
    return labelled(Object.entries(tape.fault).filter(([site]) => site.startsWith(label)));
  }
  const label = labelOfStrike(fault);
  return labelled([[label, details ?? tape.fault[label] ?? []]]);
}

/** By label; what is calm need not be told. */
function labelled(sites: readonly (readonly [string, readonly number[]])[]): Record<string, Choices> {
  return Object.fromEntries(
    sites
      .map(([site, values]): [string, Choices] => [site, trimmed(values)])
      .filter(([, values]) => values.length > 0),
  );
}

/** Without zeros at the end: what is missing is 0. */
function trimmed(values: readonly number[]): Choices {
  const last = values.findLastIndex((value, index) => index % 2 === 1 && value > 0);
  return values.slice(0, last + 1);
}
