/** The site of the draws about one file or directory. */
export function siteOf(path: string): string {
  return `disk.crash ${path}`;
}
