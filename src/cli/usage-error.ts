/** The command line asks for something that is not there. The message says what to type instead. */
export class UsageError extends Error {
  readonly code = 'CLI_USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** A non-negative whole number, or a usage error that names the flag. */
export function wholeNumber(flag: string, value: unknown, least = 0): number {
  const number = typeof value === 'number' ? value : Number(value);
  if (!Number.isSafeInteger(number) || number < least) {
    throw new UsageError(`--${flag} takes a whole number of at least ${least}, not "${String(value)}".`);
  }
  return number;
}

/** `90s`, `10m`, `2h` or `500ms` in milliseconds. */
export function durationMs(flag: string, value: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value);
  const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (match === null)
    throw new UsageError(`--${flag} takes a duration such as 90s, 10m or 2h, not "${value}".`);
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

/** `2/8`: this shard, counted from 1, of so many. */
export function shard(value: string): { readonly index: number; readonly count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(value);
  const number = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (match === null || number < 1 || number > count) {
    throw new UsageError(`--shard takes I/N with I from 1 to N, such as 2/8, not "${value}".`);
  }
  return { index: number - 1, count };
}

/** One of `known`, or a usage error that lists them. */
export function oneOf(what: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  const near = known.find((name) => name.includes(value) || value.includes(name));
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new UsageError(`No ${what} "${value}".${hint} Known: ${known.join(', ')}.`);
}
