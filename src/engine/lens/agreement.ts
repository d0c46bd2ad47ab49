import type { Agreement, Resolution } from './lens.ts';

/** What every lens says of no candidates. */
export const noResolution: Resolution = {
  winner: undefined,
  candidatesCount: 0,
  resolutionConfidence: 0,
  conflictScore: 0,
  agreement: 'none',
  ranked: [],
};

/** From this confidence on, others are outliers. */
const agreedFrom = 2 / 3;

/** How much those differ who do not all claim the same. */
export function agreementAt(resolutionConfidence: number): Agreement {
  return resolutionConfidence >= agreedFrom ? 'agreed' : 'contested';
}

/** Conflict and agreement as lenses see them that name a winner. */
export function conflictOf(
  isUnanimous: boolean,
  resolutionConfidence: number,
): Pick<Resolution, 'conflictScore' | 'agreement'> {
  if (isUnanimous) return { conflictScore: 0, agreement: 'unanimous' };
  return { conflictScore: 1 - resolutionConfidence, agreement: agreementAt(resolutionConfidence) };
}
