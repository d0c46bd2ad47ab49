import { describe, expect, it } from 'vitest';
import { calm } from './arena-run.test-support.ts';
import { defineArena, markersOf } from './index.ts';

const arena = defineArena({
  name: 'arena-test',
  summary: 'for this test',
  scenarios: ['test'],
  properties: [{ id: 'held', kind: 'safety', claim: 'what the test expects' }],
  markers: ['always', { label: 'with-clocks', when: ({ clock }) => clock !== undefined }],
  play: async () => undefined,
});

describe('markers', () => {
  it('are expected only in scenarios that have what it takes to reach them', () => {
    expect(markersOf(arena, calm)).toEqual(['always']);
    const clock = { stepsMax: 1, msMax: 1, distanceStepsMax: 1 };
    expect(markersOf(arena, { ...calm, clock })).toEqual(['always', 'with-clocks']);
  });
});
