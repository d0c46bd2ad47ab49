import { toHex } from '../../crypto/index.ts';
import type { Agreement, Resolution } from '../lens/index.ts';
import type { Lifecycle } from '../model/index.ts';
import { storedBytes } from '../stored-bytes.ts';

/** A resolution that is kept: what one lens says about a subject and a predicate. */
export interface View {
  readonly resolution: Resolution;
  /** Wall clock of the server, milliseconds. */
  readonly materializedAtMs: number;
  /** Everything in the log before this offset was taken into account. */
  readonly throughOffset: number;
}

interface ViewJson {
  readonly materializedAtMs: number;
  readonly throughOffset: number;
  readonly winner?: string;
  readonly candidatesCount: number;
  readonly resolutionConfidence: number;
  readonly conflictScore: number;
  readonly agreement: Agreement;
  readonly ranked: readonly {
    readonly hash: string;
    readonly lifecycle: Lifecycle;
    readonly timestamp: number;
    readonly weightMillionths: string;
    readonly supporters: number;
    readonly share: number;
  }[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** As the store keeps it: JSON, for nothing hashes or signs it, and doubles survive. */
export function encodeView({ resolution, materializedAtMs, throughOffset }: View): Uint8Array {
  const { winner, ranked, ...rest } = resolution;
  const json: ViewJson = {
    materializedAtMs,
    throughOffset,
    ...rest,
    ...(winner === undefined ? {} : { winner: toHex(winner) }),
    ranked: ranked.map(({ hash, lifecycle, timestamp, weightMillionths, supporters, share }) => ({
      hash: toHex(hash),
      lifecycle,
      timestamp,
      weightMillionths: String(weightMillionths),
      supporters,
      share,
    })),
  };
  return encoder.encode(JSON.stringify(json));
}

/** Reads what `encodeView` wrote; the store has already checked that it is unchanged. */
export function decodeView(bytes: Uint8Array): View {
  const json = JSON.parse(decoder.decode(bytes)) as ViewJson;
  const { materializedAtMs, throughOffset, winner, ranked, ...rest } = json;
  return {
    materializedAtMs,
    throughOffset,
    resolution: {
      ...rest,
      winner: winner === undefined ? undefined : storedBytes(winner),
      ranked: ranked.map(({ hash, lifecycle, timestamp, weightMillionths, supporters, share }) => ({
        hash: storedBytes(hash),
        lifecycle,
        timestamp,
        weightMillionths: BigInt(weightMillionths),
        supporters,
        share,
      })),
    },
  };
}
