import { sites } from '../engine/index.ts';
import type { ConditionalMarker } from './arena.ts';

/** That each site of the engine has fired, where the scenario lets them: for an arena that comes by all of them. */
export const siteMarkers: readonly ConditionalMarker[] = Object.keys(sites).map((site) => ({
  label: `site.${site}`,
  when: (scenario) => scenario.sites !== undefined,
}));
