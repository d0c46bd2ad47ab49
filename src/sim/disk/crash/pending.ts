import type { DiskState } from '../disk-state.ts';
import { sectorSizeBytes } from '../page-table.ts';
import type { PendingSummary } from './modes.ts';

/** Computed when asked: most modes never do. */
export class Pending implements PendingSummary {
  readonly #state: DiskState;

  constructor(state: DiskState) {
    this.#state = state;
  }

  get sequences(): readonly number[] {
    const sequences = new Set(this.#state.nameChanges.map(({ sequence }) => sequence));
    for (const node of this.#state.nodes.values()) {
      if (node.kind === 'file') for (const { sequence } of node.changes) sequences.add(sequence);
    }
    return [...sequences].sort((one, other) => one - other);
  }

  writeAt(sequence: number): { readonly start: number; readonly end: number } | undefined {
    for (const node of this.#state.nodes.values()) {
      if (node.kind === 'directory') continue;
      const change = node.changes.find((candidate) => candidate.sequence === sequence);
      if (change?.kind === 'write') return change;
    }
    return undefined;
  }

  get timelinesMax(): number {
    let count = this.#state.nameChanges.length;
    for (const node of this.#state.nodes.values()) {
      if (node.kind === 'directory') continue;
      const sizeAndHole = 2;
      count += sizeAndHole;
      for (const change of node.changes) {
        if (change.kind === 'write') count += Math.ceil((change.end - change.start) / sectorSizeBytes) + 1;
      }
    }
    return count;
  }
}
