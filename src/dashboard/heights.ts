/** No view is higher. */
export const rowsMax = 18;

/** How many lines a view has on a screen of so many: one stays free, or the terminal would scroll. */
export function rowsFor(screenRows: number): number {
  return Math.max(4, Math.min(rowsMax, screenRows - 1));
}

export interface CampaignHeights {
  /** Lines of properties and faults; 0 leaves out their title as well. */
  readonly body: number;
  readonly workers: number;
  readonly failures: number;
}

/** What fits into `rows` beside head, progress and keys: failures first, for they can be opened. */
export function campaignHeights(rows: number): CampaignHeights {
  const failures = rows >= rowsMax ? 4 : rows >= 14 ? 3 : rows >= 9 ? 2 : rows >= 6 ? 1 : 0;
  const workers = rows >= 12 ? 2 : rows >= 10 ? 1 : 0;
  const titled = (lines: number): number => (lines > 0 ? lines + 1 : 0);
  const left = rows - 3 - titled(failures) - titled(workers) - 1;
  return { body: Math.max(0, left), workers, failures };
}
