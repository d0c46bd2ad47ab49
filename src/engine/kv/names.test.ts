import { describe, expect, it } from 'vitest';
import { manifestName, manifestNumbersIn, runIdsIn, runName } from './names.ts';

describe('names of files', () => {
  it('are found again by their numbers, in order, also beyond eight digits', () => {
    const names = [123_456_789, 7, 12].map(runName);
    expect(names).toEqual(['run-123456789', 'run-00000007', 'run-00000012']);
    expect(runIdsIn([...names, manifestName(1)])).toEqual([7, 12, 123_456_789]);
    expect(manifestNumbersIn([...names, manifestName(1)])).toEqual([1]);
  });

  it.each([
    'run-',
    'run-1',
    'run-000000001',
    'run-0000000a',
    'run-00000001~',
    'run--0000001',
    'run-4294967296',
    'Run-00000001',
  ])('are nothing but what was given out: not %s', (name) => {
    expect(runIdsIn([name])).toEqual([]);
  });

  it('end where the numbers in the files do', () => {
    expect(() => manifestName(2 ** 32)).toThrow('used up');
  });
});
