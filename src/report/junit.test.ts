import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { CampaignTally } from './campaign-tally.ts';
import { junit } from './junit.ts';
import { sampleRecord } from './sample.test-support.ts';

const schemaNames = ['junit.xsd', 'jenkins-junit.xsd'];
const schemaOf = (name: string): string =>
  readFileSync(new URL(`../../fixtures/schemas/${name}`, import.meta.url), 'utf8');

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
  made.add({ ...sampleRecord, verdict: 'error', signature: 'acknowledged-survives/unhandled/X' });
  made.explain('acknowledged-survives/lost-ack/-', {
    message: 'A claim\n& its "<b>" \u0000 are gone \ud800.',
    expected: ']]>',
    actual: 'nothing',
    replay: 'npx stemedb-sim replay reports/42.json',
  });
  return made;
}

describe('JUnit XML', () => {
  it.each(schemaNames)('is valid by %s, whatever text is in it', async (name) => {
    const { errors, valid } = await validated(junit(tally()), name);
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
  });

  it.each(schemaNames)('is valid by %s when nothing ran', async (name) => {
    expect((await validated(junit(new CampaignTally([], [])), name)).errors).toEqual([]);
  });

  it.each(schemaNames)('is held against %s, which can refuse it', async (name) => {
    const text = junit(tally());
    for (const [part, other] of [
      [/(<testsuite .*) tests="\d+"/, '$1'],
      ['<skipped>', '<skipped message="">'],
      [/(<error .*<\/error>)\s*(<failure .*<\/failure>)/s, '$2$1'],
    ] as const) {
      const broken = text.replace(part, other);
      expect(broken).not.toBe(text);
      expect((await validated(broken, name)).valid).toBe(false);
    }
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
    expect(text).toContain('<testsuite name="arena-9-sample" tests="5" failures="1" errors="2" skipped="2"');
    expect(text).toContain('2 runs, first seed 42');
    expect(text).toContain('<skipped>no run came to it</skipped>');
  });
});

function validated(contents: string, schema: string) {
  return validateXML({ xml: [{ fileName: 'junit.xml', contents }], schema: [schemaOf(schema)] });
}
