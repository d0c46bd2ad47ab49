/** A thing to measure: `run` does `units` units of work and is called many times. */
export interface Subject {
  readonly name: string;
  readonly unit: string;
  /** Returns how many units it did. */
  run(): Promise<number> | number;
}

/** Wall time of one unit, over all rounds but those that warmed up. */
export interface Measured extends Pick<Subject, 'name' | 'unit'> {
  readonly medianNanos: number;
  /** A tenth of the rounds were faster: what the machine can do while nobody else needs it. */
  readonly fastNanos: number;
}

/**
 * Measures subjects against each other, each under a name: every round runs each of them once, so that a
 * machine whose speed drifts slows all alike and ratios hold.
 */
export async function measure<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>,
  rounds: number,
): Promise<Readonly<Record<Name, Measured>>> {
  const names = Object.keys(subjects) as Name[];
  const samples = new Map(names.map((name) => [name, [] as number[]]));
  const warmUps = Math.ceil(rounds / 4);
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, nanos] of samples) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      const begun = process.hrtime.bigint();
      const units = await subjects[name].run();
      const elapsed = Number(process.hrtime.bigint() - begun) / units;
      if (round >= 0) nanos.push(elapsed);
    }
  }
  const measured = [...samples].map(([name, nanos]) => {
    nanos.sort((one, other) => one - other);
    const at = (part: number): number => nanos[Math.floor(nanos.length * part)] ?? Number.NaN;
    return [name, { ...subjects[name], medianNanos: at(0.5), fastNanos: at(0.1) }];
  });
  return Object.fromEntries(measured) as Record<Name, Measured>;
}

/** A line for each, with the ratio of its fast rounds to those of the first. */
export function table(measured: Readonly<Record<string, Measured>>): string {
  const all = Object.values(measured);
  const [first] = all;
  const width = Math.max(...all.map(({ name }) => name.length));
  const lines = all.map(({ name, unit, fastNanos, medianNanos }) => {
    const ratio = first === undefined ? 1 : fastNanos / first.fastNanos;
    const times = [fastNanos, medianNanos].map((nanos) => amount(nanos).padStart(9)).join('  ');
    return `${name.padEnd(width)}  ${times}  a ${unit}  ${ratio.toFixed(2).padStart(7)} x`;
  });
  return [`${' '.repeat(width)}  ${'fast'.padStart(9)}  ${'median'.padStart(9)}`, ...lines].join('\n');
}

/** Something that must hold of what was measured. */
export interface Target {
  readonly claim: string;
  readonly measured: number;
  readonly bound: number;
  /** Whether `measured` must be at most or at least `bound`. */
  readonly must: 'at most' | 'at least';
}

/** A line for each target. Sets the exit code of the process to 1 when one is missed. */
export function checkTargets(targets: readonly Target[]): string {
  return targets
    .map(({ claim, measured, bound, must }) => {
      const isMet = must === 'at most' ? measured <= bound : measured >= bound;
      if (!isMet) process.exitCode = 1;
      return `${isMet ? 'met   ' : 'MISSED'}  ${claim}: ${measured.toFixed(2)}, ${must} ${bound}`;
    })
    .join('\n');
}

/** Nanoseconds as people write them. */
export function amount(nanos: number): string {
  if (nanos < 10_000) return `${nanos.toFixed(0)} ns`;
  return nanos < 10_000_000 ? `${(nanos / 1000).toFixed(1)} µs` : `${(nanos / 1e6).toFixed(1)} ms`;
}
