import { deriveSeed } from '../run-plan.ts';
import type { MinimizedCase, PointOfNoReturn } from '../run-record.ts';
import type { Player } from './player.ts';

export interface PointOfNoReturnOptions {
  /** K: how often each prefix is continued. */
  readonly continuations?: number;
  /** About how many prefixes to look at; the largest rise is then looked at more closely. */
  readonly prefixes?: number;
  /** Looks at no more prefixes once this says so. */
  readonly stop?: (() => boolean) | undefined;
}

const continuationsDefault = 8;
const prefixesDefault = 10;

/** How often the interval of the largest rise is halved. */
const halvings = 5;

interface Point {
  readonly step: number;
  readonly failed: number;
  readonly share: number;
}

/**
 * When a failure became inevitable: each prefix of the minimized run is played as recorded, and then goes on
 * with the same operations, but with faults and a schedule of its own.
 */
export async function findPointOfNoReturn(
  player: Pick<Player, 'replay'>,
  { record, tape }: Pick<MinimizedCase, 'record' | 'tape'>,
  options: PointOfNoReturnOptions = {},
): Promise<PointOfNoReturn> {
  const { continuations = continuationsDefault, prefixes = prefixesDefault } = options;
  const { seed, signature, steps } = record;
  const points = new Map<number, Point>();
  const look = async (step: number): Promise<void> => {
    if (points.has(step) || options.stop?.() === true) return;
    const played = await Promise.all(
      Array.from({ length: continuations }, (_, nth) => {
        const cut = { step, seed: deriveSeed(`${seed} from ${step}`, nth + 1) };
        return player.replay({ replay: { mode: 'prefix', tape, cut }, stepsMax: 10 * steps + 10_000 });
      }),
    );
    const failed = played.filter(({ record: one }) => one.signature === signature).length;
    points.set(step, { step, failed, share: failed / continuations });
  };
  const curve = (): Point[] => [...points.values()].toSorted((one, other) => one.step - other.step);

  const last = Math.max(0, steps - 1);
  for (let nth = 0; nth <= prefixes; nth++) await look(Math.round((last * nth) / prefixes));
  for (let halving = 0; halving < halvings; halving++) {
    const jump = jumpOf(curve());
    if (jump === null || jump.toStep - jump.fromStep <= 1) break;
    await look((jump.fromStep + jump.toStep) >> 1);
  }
  return { continuations, curve: curve(), jump: jumpOf(curve()) };
}

/** The largest rise; of equal ones the last. */
function jumpOf(curve: readonly Point[]): PointOfNoReturn['jump'] {
  let jump: PointOfNoReturn['jump'] = null;
  for (const [index, to] of curve.entries()) {
    const from = curve[index - 1];
    if (from === undefined || to.share <= from.share) continue;
    const rise = to.share - from.share;
    if (jump === null || rise >= jump.rise) jump = { fromStep: from.step, toStep: to.step, rise };
  }
  return jump;
}
