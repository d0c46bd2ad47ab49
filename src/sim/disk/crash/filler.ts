import type { Draws } from '../../choices/draws.ts';
import type { DiskState } from '../disk-state.ts';
import { pageSectors, sectorSizeBytes } from '../page-table.ts';
import type { Exposed } from './profiles.ts';

/** Bytes for places where a power loss left something that nobody wrote there. */
export class Filler {
  readonly #state: DiskState;
  #stalePages: readonly Uint8Array[] | undefined;

  constructor(state: DiskState) {
    this.#state = state;
  }

  /** One sector of it. Stale bytes come from the same sector of another page, as blocks are reused whole. */
  sector(kind: Exposed, sector: number, draws: Draws): Uint8Array {
    switch (kind) {
      case 'zero':
        return new Uint8Array(sectorSizeBytes);
      case 'garbage':
        return garbage(draws.choose(2 ** 32));
      case 'stale':
        return this.#stale(sector % pageSectors, draws);
    }
  }

  #stale(sectorOfPage: number, draws: Draws): Uint8Array {
    this.#stalePages ??= stalePagesOf(this.#state);
    const pages = this.#stalePages;
    const page = pages[pages.length - 1 - draws.choose(pages.length)];
    const start = sectorOfPage * sectorSizeBytes;
    return page === undefined ? new Uint8Array(sectorSizeBytes) : page.slice(start, start + sectorSizeBytes);
  }
}

/** The first and the last page of every file, and after them the pages that were given up lately. */
function stalePagesOf(state: DiskState): Uint8Array[] {
  const pages: Uint8Array[] = [];
  for (const node of state.nodes.values()) {
    if (node.kind === 'directory') continue;
    for (const page of [node.pages.page(0), node.pages.lastPage()]) if (page !== undefined) pages.push(page);
  }
  return [...pages, ...state.freedPages];
}

/** xorshift32 (Marsaglia 2003), so that one draw fills a sector. */
function garbage(seed: number): Uint8Array {
  const bytes = new Uint8Array(sectorSizeBytes);
  let word = (seed ^ 0x6b8b4567) | 0 || 1;
  for (let at = 0; at < bytes.length; at++) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    bytes[at] = word;
  }
  return bytes;
}
