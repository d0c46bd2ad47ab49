/** `01:42`, `1:02:03`: how long something has taken. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** `42 s`, `12m 05s`, `4h 12m`, `3d 04h`: the two units that matter. */
export function spanText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const pair = (unit: number, below: number, names: string): string => {
    const rest = String(Math.floor((seconds % unit) / below)).padStart(2, '0');
    return `${Math.floor(seconds / unit)}${names[0]} ${rest}${names[1]}`;
  };
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return pair(60, 1, 'ms');
  if (seconds < 86_400) return pair(3600, 60, 'hm');
  return pair(86_400, 3600, 'dh');
}

/** Virtual time of a step, in milliseconds. */
export function microsText(micros: number): string {
  return `${(micros / 1000).toFixed(micros < 10_000 ? 2 : micros < 1_000_000 ? 1 : 0)}ms`;
}
