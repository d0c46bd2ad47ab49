import { type AnswerJson, type ListedClaimJson, millionthsOfDecimal } from '../../engine/api/index.ts';
import { assertionFromJson, type ObjectValue } from '../../engine/index.ts';
import { objectText, timeText } from './claim-text.ts';
import { counted, named, tableLines } from './text.ts';

/** An answer and what it was chosen from, for people. `objects` has what each ranked claim says. */
export function answerLines(
  asked: { readonly subject: string; readonly predicate: string },
  { lens, resolution, throughOffset, view, queryId, audited }: AnswerJson,
  objects: ReadonlyMap<string, ObjectValue | undefined>,
): string[] {
  const { ranked, winner, candidatesCount, resolutionConfidence, conflictScore, agreement } = resolution;
  const say = (hash: string): string => {
    const object = objects.get(hash);
    return object === undefined ? '?' : objectText(object);
  };
  const head = ['', 'OBJECT', 'SHARE', 'WEIGHT', 'CLAIMS', 'LIFECYCLE', 'WHEN', 'HASH'];
  const rows = ranked.map(({ hash, share, weight, supporters, lifecycle, timestamp }, index) => [
    String(index + 1),
    say(hash),
    share.toFixed(3),
    weight,
    String(supporters),
    lifecycle,
    timeText(timestamp).slice(0, 10),
    hash,
  ]);
  const source = view === undefined ? 'the claims themselves' : `a view of ${timeText(view.materializedAt)}`;
  return [
    ...tableLines([
      ['subject', named(asked.subject)],
      ['predicate', named(asked.predicate)],
      ['lens', lens],
      ['winner', winner === undefined ? 'none: this lens names no winner' : say(winner)],
      ['confidence', resolutionConfidence.toFixed(3)],
      [
        'agreement',
        `${agreement}, conflict ${conflictScore.toFixed(3)}, ${counted(candidatesCount, 'claim')}`,
      ],
    ]),
    '',
    ...tableLines([head, ...rows], new Set([0, 2, 3, 4])),
    '',
    `from ${source}, through offset ${throughOffset} of the log; query ${queryId}${audited ? '' : ', not audited'}`,
  ];
}

/** Claims with the votes on them, for people: by predicate, the weightiest first. */
export function claimLines(claims: readonly ListedClaimJson[]): string[] {
  const rows = claims
    .map(({ hash, assertion, votes }) => {
      const { predicate, object, lifecycle, confidence, timestamp } = assertionFromJson(assertion);
      const cells = [
        named(predicate),
        objectText(object),
        votes.weight,
        String(votes.count),
        lifecycle,
        String(confidence),
        timeText(timestamp).slice(0, 10),
        hash,
      ];
      return { predicate: cells[0] ?? '', weight: millionthsOfDecimal(votes.weight), hash, cells };
    })
    .toSorted(
      (one, other) =>
        compare(one.predicate, other.predicate) ||
        compare(other.weight, one.weight) ||
        compare(one.hash, other.hash),
    );
  const head = ['PREDICATE', 'OBJECT', 'WEIGHT', 'VOTES', 'LIFECYCLE', 'CONFIDENCE', 'WHEN', 'HASH'];
  return tableLines([head, ...rows.map(({ cells }) => cells)], new Set([2, 3]));
}

function compare<T extends string | bigint>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
