export type {
  Agreement,
  Candidate,
  Lens,
  LensFold,
  LensOptions,
  Ranked,
  Resolution,
  VoteTally,
} from './lens.ts';
export { findLens, lenses, UnknownLensError } from './registry.ts';
