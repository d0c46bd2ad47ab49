import type { PlainResolution } from '../../check/index.ts';
import { toHex } from '../../crypto/index.ts';
import type { Resolution } from '../../engine/index.ts';

/** As the reference has it: hashes in hexadecimal. */
export function plainResolution(resolution: Resolution): PlainResolution {
  const { winner, candidatesCount, resolutionConfidence, conflictScore, agreement, ranked } = resolution;
  return {
    winner: winner && toHex(winner),
    candidatesCount,
    resolutionConfidence,
    conflictScore,
    agreement,
    ranked: ranked.map(({ hash, lifecycle, timestamp, weightMillionths, supporters, share }) => ({
      hash: toHex(hash),
      lifecycle,
      timestamp,
      weightMillionths,
      supporters,
      share,
    })),
  };
}
