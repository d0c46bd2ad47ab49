import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { CampaignTally } from './campaign-tally.ts';
import { junit } from './junit.ts';
import { sampleRecord } from './sample.test-support.ts';

const schema = readFileSync(new URL('../../fixtures/schemas/junit.xsd', import.meta.url), 'utf8');

const arenas = [
  {
    name: 'arena-9-sample',
    properties: [
      { id: 'acknowledged-survives', claim: 'what was acknowledged stays' },
      { id: 'nothing-leaks', claim: 'handles & "tasks" <end>' },
    ],
  },
];
const pairs = [
  { arena: 'arena-9-sample', scenario: 'torn-writes' },
  { arena: 'arena-9-sample', scenario: 'calm' },
];
const held = { ...sampleRecord, verdict: 'held', property: null, signature: null } as const;

function tally(): CampaignTally {
  const made = new CampaignTally(arenas, pairs);
  made.add(held);
  for (const seed of ['42', '43']) made.add({ ...sampleRecord, seed });
  made.add({ ...sampleRecord, verdict: 'error', property: 'simulator', signature: 'simulator/unhandled/X' });
  made.explain('acknowledged-survives/lost-ack/-', {
    message: 'A claim\n& its "<b>" \u0000 are gone \ud800.',
    expected: ']]>',
    actual: 'nothing',
    replay: 'npx stemedb-sim replay reports/42.json',
  });
  return made;
}

describe('JUnit XML', () => {
  it('is valid by its schema, whatever text is in it', async () => {
    const result = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: junit(tally()) }],
      schema: [schema],
    });
    expect(result.errors).toEqual([]);
    expect(result.valid).toBe(true);
  });

  it('is held against a schema that can refuse it', async () => {
    const broken = junit(tally()).replace(' tests="5"', '');
    const result = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: broken }],
      schema: [schema],
    });
    expect(result.valid).toBe(false);
  });

  it('has a case for each property in each scenario, and none for a seed', () => {
    const names = [...junit(tally()).matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual([
      'acknowledged-survives [torn-writes]',
      'nothing-leaks [torn-writes]',
      'simulator [torn-writes]',
      'acknowledged-survives [calm]',
      'nothing-leaks [calm]',
    ]);
  });

  it('counts failures, errors of the simulator and what no run came to apart', () => {
    const text = junit(tally());
    expect(text).toContain('<testsuite name="arena-9-sample" tests="5" failures="1" errors="1" skipped="2"');
    expect(text).toContain('2 runs, first seed 42');
    expect(text).toContain('<skipped message="no run came to it"/>');
  });
});
