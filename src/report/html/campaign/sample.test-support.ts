import type { CampaignSummary } from '../../../explore/index.ts';
import { CampaignTally } from '../../campaign-tally.ts';
import { sampleRecord } from '../../sample.test-support.ts';
import type { Campaign } from './document.ts';

const arena = 'arena-9-sample';
const held = { ...sampleRecord, verdict: 'held', property: null, signature: null, faults: {} } as const;

const arenas = [
  {
    name: arena,
    properties: [
      { id: 'acknowledged-survives', claim: 'what was acknowledged stays' },
      { id: 'nothing-leaks', claim: 'handles & "tasks" <end>' },
    ],
  },
];

/** 40 runs of 25 ms each, two of which fail; with text that would be markup anywhere if it were let. */
export function sampleCampaign(): Campaign {
  const tally = new CampaignTally(arenas, [{ arena, scenario: 'calm' }]);
  for (let run = 0; run < 40; run++) {
    const ms = 25 * (run + 1);
    if (run === 20 || run === 30) tally.add({ ...sampleRecord, seed: String(run) }, ms);
    else tally.add({ ...held, scenario: 'calm', markers: run < 5 ? { 'kv.flushed': 2 } : {} }, ms);
  }
  tally.explain('acknowledged-survives/lost-ack/-', {
    message: 'A claim & its "<b>" are gone.',
    replay: 'npx stemedb-sim replay "reports/20.json" <now>',
    page: 'reports/20.html',
  });
  return {
    tally,
    summary,
    seed: '7',
    seconds: 1,
    mutant: undefined,
    matrix: 'matrix.html',
    linkTo: (file) => file.replace('reports/', ''),
  };
}

const summary = {
  runs: 40,
  held: 38,
  violated: 2,
  errors: 0,
  stepsPerSecond: 1234,
  markersNeverReached: ['wal.<never>'],
} as unknown as CampaignSummary;
