import { beforeEach, describe, expect, it } from 'vitest';
import type { QuarantinedBody } from './collisions-model.ts';
import { SmuggledModel } from './smuggled-model.ts';

const aside = (...bytes: number[]): QuarantinedBody => ({
  code: 'STEME_DECODE_KIND',
  body: Uint8Array.from(bytes),
});

describe('records that break a rule and are in the log', () => {
  let model: SmuggledModel;

  beforeEach(() => {
    model = new SmuggledModel();
    model.attempt(Uint8Array.of(1));
    model.acknowledge(Uint8Array.of(1));
    model.attempt(Uint8Array.of(2));
  });

  it('must be set aside if they are durable, and may be if nobody knows', () => {
    expect(() => model.judge([aside(1)])).not.toThrow();
    expect(() => model.judge([aside(1), aside(2)])).not.toThrow();
    expect(() => model.judge([aside(2)])).toThrow('is not in quarantine');
  });

  it('must be there whole, and once', () => {
    expect(() => model.judge([aside(1, 0)])).toThrow('is not in quarantine');
    expect(() => model.judge([aside(1), aside(1)])).toThrow('more than once');
  });

  it('are told apart from what is in quarantine for another reason', () => {
    expect(model.countIn([aside(1), aside(3), aside(2)])).toBe(2);
  });
});
