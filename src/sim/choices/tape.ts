import { SimulationError } from '../errors.ts';

/** The kinds of choices, each switched off as a whole by taking only zeros. */
export const lanes = ['knobs', 'workload', 'fault', 'schedule'] as const;

export type Lane = (typeof lanes)[number];

/**
 * Every choice of a run, by lane and site: `[domain, value, domain, value, ...]` in the order in which
 * that site drew. Streams are independent, so the order between sites needs no record.
 */
export type Tape = Readonly<Record<Lane, Readonly<Record<string, readonly number[]>>>>;

export type MutableTape = Record<Lane, Record<string, number[]>>;

export function emptyTape(): MutableTape {
  return { knobs: {}, workload: {}, fault: {}, schedule: {} };
}

/** A value that is no tape. */
export class TapeSyntaxError extends SimulationError {
  constructor(where: string) {
    super('SIM_TAPE_SYNTAX', `its tape is damaged at ${where}`);
    this.name = 'TapeSyntaxError';
  }
}

/** Checks a tape that came from outside. */
export function parseTape(value: unknown): Tape {
  const tape = emptyTape();
  for (const lane of lanes) {
    const sites = (value as Partial<Record<Lane, unknown>> | undefined)?.[lane];
    if (typeof sites !== 'object' || sites === null) throw new TapeSyntaxError(`lane "${lane}"`);
    for (const [site, values] of Object.entries(sites as Record<string, unknown>)) {
      if (!Array.isArray(values) || values.length % 2 !== 0 || !values.every(isChoice)) {
        throw new TapeSyntaxError(`site "${site}" of lane "${lane}"`);
      }
      tape[lane][site] = values as number[];
    }
  }
  return tape;
}

function isChoice(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 32;
}
