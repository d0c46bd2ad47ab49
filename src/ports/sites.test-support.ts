import type { Sites } from './sites.ts';

/** Every site fires every time that it is asked. */
export class EagerSites implements Sites {
  readonly fired = new Set<string>();

  fires(site: string): boolean {
    this.fired.add(site);
    return true;
  }
}
