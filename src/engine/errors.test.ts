import { describe, expect, it } from 'vitest';
import { InvariantError, invariant, StemeError } from './errors.ts';

class DiskOnFireError extends StemeError {
  constructor(options?: ErrorOptions) {
    super('STEME_DISK_ON_FIRE', 'call the fire brigade', options);
  }
}

describe('StemeError', () => {
  it('carries the code, the name of its class and the cause', () => {
    const cause = new Error('spark');
    const error = new DiskOnFireError({ cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'DiskOnFireError', code: 'STEME_DISK_ON_FIRE', cause });
    expect(String(error)).toBe('DiskOnFireError: call the fire brigade');
  });
});

describe('invariant', () => {
  it('lets what holds pass', () => {
    expect(() => invariant(1, 'one is true')).not.toThrow();
  });

  it('throws what cannot be mistaken for bad input', () => {
    expect(() => invariant(undefined, 'the cursor is behind the log')).toThrow(InvariantError);
    expect(() => invariant(0, 'the cursor is behind the log')).toThrow(
      expect.objectContaining({ code: 'STEME_INVARIANT' }),
    );
  });
});
