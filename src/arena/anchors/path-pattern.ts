/** What a file is for: its path with every number as `#`, in hexadecimal too: `/data/steme/wal/#-#.seg`. */
export function pathPattern(path: string): string {
  return path.replaceAll(/[0-9a-f]{8,}|\d+/g, '#');
}

/** How alike two patterns are: characters that they have in common at both ends. */
export function likeness(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return start + end;
}
