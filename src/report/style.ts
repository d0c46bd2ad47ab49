import { styleText } from 'node:util';

/** Colours, or none. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Honours `NO_COLOR` and `FORCE_COLOR`; a stream that is no terminal gets plain text. */
export function styleFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Style {
  return hasColours(stream, env)
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text;
}

export function hasColours(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  return forced || (stream.isTTY === true && (env['NO_COLOR'] ?? '') === '');
}

/** `18231` as `18,231`: for people, the same in every locale. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 run`, `1,204 runs`. */
export function runsText(count: number): string {
  return `${grouped(count)} ${count === 1 ? 'run' : 'runs'}`;
}

/** Milliseconds in the unit that reads best. */
export function duration(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 10_000) return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  if (ms < 600_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${(ms / 60_000).toFixed(1)} min`;
}

/** Bytes in the unit that reads best, in steps of 1,000. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}
