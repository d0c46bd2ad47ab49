import type { PropertyInfo } from '../arena.ts';

/** How long ingest may take to catch up, once nobody writes and nothing fails any more. */
export const catchUpMsMax = 10_000;

/** What a `Town` judges, whoever lives in it. */
export const townProperties: readonly PropertyInfo[] = [
  {
    id: 'answers-agree-with-the-log',
    kind: 'safety',
    claim: 'every answer is what its lens says about the log up to the offset that the answer names',
  },
  {
    id: 'answers-are-as-fresh-as-asked',
    kind: 'safety',
    claim: 'no answer misses what was ingested before the question, but from a view that may be that old',
  },
  { id: 'queries-are-audited', kind: 'safety', claim: 'each answered query leaves a record of what won' },
  {
    id: 'views-agree-with-the-store',
    kind: 'safety',
    claim: 'a view that is not behind is what its lens says now',
  },
  { id: 'votes-add-up', kind: 'safety', claim: 'counts and weights are what the stored votes add up to' },
  {
    id: 'acknowledged-survives',
    kind: 'safety',
    claim: 'what was acknowledged, or read once, can be read from then on',
  },
  { id: 'nothing-invented-or-altered', kind: 'safety', claim: 'what is stored was submitted, bit for bit' },
  { id: 'indexes-complete', kind: 'safety', claim: 'every claim is found by its indexes; no entry dangles' },
  {
    id: 'written-equals-verified',
    kind: 'safety',
    claim: 'every acknowledged claim and vote was verified at the end',
  },
  {
    id: 'valid-is-taken',
    kind: 'safety',
    claim: 'what keeps the rules and is signed by its agent is never refused',
  },
  { id: 'invalid-is-refused', kind: 'safety', claim: 'what breaks a rule is refused with its code' },
  {
    id: 'impostors-are-turned-away',
    kind: 'safety',
    claim: 'whoever has no key, or one for others, gets 401 or 403, and nothing of theirs is stored',
  },
  {
    id: 'rubbish-is-refused',
    kind: 'safety',
    claim:
      'what no client sends gets a status of 4xx with its code, whatever it is, and nothing else changes',
  },
  {
    id: 'bad-records-are-set-aside',
    kind: 'safety',
    claim: 'a record of the log that breaks a rule is in quarantine, whole, and blocks nothing',
  },
  {
    id: 'recovery-is-stable',
    kind: 'safety',
    claim: 'crashing again before anything was written brings back the same state',
  },
  {
    id: 'collisions-are-refused',
    kind: 'safety',
    claim: 'content that has the identity of other content is refused or set aside, never taken for it',
  },
  { id: 'crash-state-opens', kind: 'safety', claim: 'whatever a crash leaves can be opened' },
  {
    id: 'files-are-sound',
    kind: 'safety',
    claim: 'the files of a closed database have no damage and follow from the log',
  },
  {
    id: 'nothing-promised-after-a-failed-sync',
    kind: 'safety',
    claim: 'once a sync of the log has failed, nothing is acknowledged before the log was recovered',
  },
  { id: 'nothing-leaks', kind: 'safety', claim: 'a closed database holds no file open' },
  {
    id: 'ingest-catches-up',
    kind: 'liveness',
    claim: `all that is durable can be read within ${catchUpMsMax / 1000} s once nobody writes and nothing fails`,
  },
  { id: 'always-makes-progress', kind: 'liveness', claim: 'nothing waits for ever' },
];
