import { describe, expect, it } from 'vitest';
import type { CampaignSummary } from '../explore/index.ts';
import { CampaignTally } from './campaign-tally.ts';
import { annotations, jobSummary } from './github.ts';
import { sampleRecord } from './sample.test-support.ts';

const sourceOf = (): { file: string; line: number } => ({ file: 'arenas/a,b:c.ts', line: 7 });

function tallyOf(signatures: readonly string[], message: string): CampaignTally {
  const tally = new CampaignTally([], []);
  for (const signature of signatures) {
    tally.add({ ...sampleRecord, signature });
    tally.add({ ...sampleRecord, signature, scenario: 'calm' });
    tally.explain(signature, { message, replay: 'npx stemedb-sim replay reports/42.json' });
  }
  return tally;
}

const summary = {
  runs: 2,
  held: 0,
  violated: 2,
  errors: 0,
  stepsPerSecond: 1,
  markersNeverReached: ['a.b'],
} as unknown as CampaignSummary;

describe('annotations', () => {
  it('are escaped by the rules of workflow commands', () => {
    expect(annotations(tallyOf(['s/1'], '50 % gone:\r\nyes, all'), sourceOf)).toEqual([
      '::error file=arenas/a%2Cb%3Ac.ts,line=7,title=arena-9-sample > acknowledged-survives::' +
        '50 %25 gone:%0D%0Ayes, all%0A2 runs, first seed 42%0Anpx stemedb-sim replay reports/42.json',
    ]);
  });

  it('are one for each signature, and ten at most', () => {
    const many = Array.from({ length: 30 }, (_, index) => `signature/${index}`);
    expect(annotations(tallyOf(many.slice(0, 3), 'gone'), sourceOf)).toHaveLength(3);
    expect(annotations(tallyOf(many, 'gone'), sourceOf)).toHaveLength(10);
  });
});

describe('jobSummary', () => {
  it('names each failure with what to type', () => {
    expect(jobSummary(tallyOf(['s/1'], 'All | gone'), summary, '42')).toMatchInlineSnapshot(`
      "## stemedb-sim: 2 runs failed

      2 runs from seed \`42\`: 0 held, 2 violated, 0 errors of the simulator; 1 steps/s.

      | failure | runs | first seed | again |
      | --- | ---: | --- | --- |
      | All \\| gone \`s/1\` | 2 | \`42\` | \`npx stemedb-sim replay reports/42.json\` |

      | arena | scenario | runs | properties that held |
      | --- | --- | ---: | ---: |
      | arena-9-sample | torn-writes | 1 | 0 of 1 |
      | arena-9-sample | calm | 1 | 0 of 1 |

      Never reached: a.b.
      "
    `);
  });

  it('is never larger than GitHub takes, and says that it was cut', () => {
    const many = Array.from({ length: 3000 }, (_, index) => `signature/${index}`);
    const text = jobSummary(tallyOf(many, 'ü'.repeat(300)), summary, '42');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
    expect(Buffer.byteLength(text)).toBeGreaterThan(1000 * 1024);
    expect(text).toMatch(/\|\n\n_The rest was cut/);
  });
});
