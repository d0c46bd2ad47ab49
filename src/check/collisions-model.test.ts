import { describe, expect, it } from 'vitest';
import { CollisionsModel } from './collisions-model.ts';

const body = Uint8Array.of(1, 2, 3);
const inQuarantine = { code: 'STEME_HASH_COLLISION', body };

describe('CollisionsModel', () => {
  it('wants what was acknowledged in quarantine, and counts it', () => {
    const model = new CollisionsModel();
    model.attempt(body);
    model.acknowledge(body);
    expect(model.judge([inQuarantine, inQuarantine])).toBe(2);
    expect(() => model.judge([])).toThrow(/one was taken for the other/);
  });

  it('allows what nobody answered to be there or not', () => {
    const model = new CollisionsModel();
    model.attempt(body);
    expect(model.judge([])).toBe(0);
    expect(model.judge([inQuarantine])).toBe(1);
  });

  it('does not account for records that are in quarantine for another reason, or that nobody wrote', () => {
    const model = new CollisionsModel();
    model.attempt(body);
    const stranger = { ...inQuarantine, body: Uint8Array.of(9) };
    expect(model.judge([{ ...inQuarantine, code: 'STEME_SIGNATURE_INVALID' }, stranger])).toBe(0);
    model.acknowledge(body);
    expect(() => model.judge([{ ...inQuarantine, code: 'STEME_SIGNATURE_INVALID' }])).toThrow(
      /one was taken for the other/,
    );
  });
});
