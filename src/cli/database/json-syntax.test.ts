import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSyntaxProblem } from './json-syntax.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What JSON is made of, and what looks like it. */
const tokens = '{ } [ ] , : " \\ "a" "b": 1 - .5 e+9 0 \\u00 true null é'
  .split(' ')
  .concat('\n', ' ', '\t', '\u007f', '\u2028', '\ud800');

describe('findSyntaxProblem', () => {
  it.each([
    ['', 0, 'the text ends where a value is expected'],
    ['  ', 2, 'the text ends where a value is expected'],
    ['{"a":1', 6, 'expected "," or "}"'],
    ['{"a":1,}', 7, 'expected a name in double quotes'],
    ['{"a" 1}', 5, 'expected ":" after the name'],
    ['{a:1}', 1, 'expected a name in double quotes'],
    ["{'a':1}", 1, 'expected a name in double quotes'],
    ['[1 2]', 3, 'expected "," or "]"'],
    ['[1,]', 3, 'expected a value'],
    ['{"a":"b', 5, 'this string is never closed'],
    ['"a\tb"', 2, 'a control character in a string must be written as \\u00XX'],
    ['"a\\xb"', 2, 'no such escape'],
    ['"\\u12g4"', 1, 'no such escape'],
    ['01', 1, 'nothing may follow the value'],
    ['1.', 1, 'nothing may follow the value'],
    ['+1', 0, 'expected a value'],
    ['NaN', 0, 'expected a value'],
    ['nul', 0, 'expected a value'],
    ['{} {}', 3, 'nothing may follow the value'],
    ['{"a":1,"b":2,"\\u0061":3}', 13, '"a" is there for the second time'],
    [`${'['.repeat(100)}`, 65, 'more than 64 levels of nesting'],
  ])('of %j is at %i: %s', (text, index, problem) => {
    expect(findSyntaxProblem(text)).toEqual({ index, problem });
  });

  it('finds none in anything that JSON.stringify writes', () => {
    const settings = { depthSize: 'medium' as const, noUnicodeString: false };
    fc.assert(
      fc.property(fc.jsonValue(settings), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        expect(findSyntaxProblem(JSON.stringify(value, null, space))).toBeUndefined();
      }),
    );
  });

  it('agrees with JSON.parse on every text, but for names that are there twice', () => {
    const token = fc.constantFrom(...tokens);
    const text = fc.oneof(
      fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join('')),
      fc.tuple(fc.json(), fc.nat(), token).map(([json, at, inserted]) => {
        const index = at % (json.length + 1);
        return json.slice(0, index) + inserted + json.slice(index);
      }),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        const found = findSyntaxProblem(candidate);
        if (found?.problem.endsWith('for the second time') === true) return;
        expect(found === undefined).toBe(isJson(candidate));
      }),
      { numRuns: 2000 },
    );
  });
});
