/** A thing to measure: `run` does `units` units of work and is called many times. */
export interface Subject {
  readonly name: string;
  readonly unit: string;
  /** Returns how many units it did. */
  run(): Promise<number> | number;
}

export interface Measured {
  readonly name: string;
  readonly unit: string;
  /** Nanoseconds a unit: the median round. */
  readonly medianNanos: number;
  readonly bestNanos: number;
}

/**
 * Measures subjects against each other: every round runs each of them once, so that a machine whose
 * speed drifts slows all alike and ratios hold.
 */
export async function measure(subjects: readonly Subject[], rounds: number): Promise<readonly Measured[]> {
  const warmUps = Math.ceil(rounds / 4);
  const samples = subjects.map(() => [] as number[]);
  for (let round = -warmUps; round < rounds; round++) {
    for (const [index, subject] of subjects.entries()) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      const begun = process.hrtime.bigint();
      const units = await subject.run();
      const nanos = Number(process.hrtime.bigint() - begun) / units;
      if (round >= 0) samples[index]?.push(nanos);
    }
  }
  return subjects.map(({ name, unit }, index) => {
    const sorted = (samples[index] ?? []).toSorted((one, other) => one - other);
    return {
      name,
      unit,
      medianNanos: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
      bestNanos: sorted[0] ?? Number.NaN,
    };
  });
}

/** A line for each, with its ratio to the first. */
export function table(measured: readonly Measured[]): string {
  const [first] = measured;
  const width = Math.max(...measured.map(({ name }) => name.length));
  return measured
    .map(({ name, unit, medianNanos }) => {
      const ratio = first === undefined ? 1 : medianNanos / first.medianNanos;
      return `${name.padEnd(width)}  ${amount(medianNanos).padStart(10)} a ${unit}   ${ratio.toFixed(2).padStart(7)} x`;
    })
    .join('\n');
}

function amount(nanos: number): string {
  if (nanos < 10_000) return `${nanos.toFixed(0)} ns`;
  return nanos < 10_000_000 ? `${(nanos / 1000).toFixed(1)} µs` : `${(nanos / 1e6).toFixed(1)} ms`;
}
