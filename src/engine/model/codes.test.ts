import { describe, expect, it } from 'vitest';
import { DECODE_CODES, MODEL_CODES, VALIDATION_CODES, VERIFICATION_CODES } from './codes.ts';
import { ValidationError } from './errors.ts';

describe('the codes of the model', () => {
  it('are in one table, none twice', () => {
    const parts = [VALIDATION_CODES, DECODE_CODES, VERIFICATION_CODES].flatMap((codes) => Object.keys(codes));
    expect(Object.keys(MODEL_CODES)).toEqual(parts);
  });

  it('have names that programs can rely on, and texts that fit behind a field', () => {
    for (const [code, explanation] of Object.entries(MODEL_CODES)) {
      expect(code).toMatch(/^STEME(_[A-Z0-9]+)+$/);
      expect(explanation).toMatch(/^[a-z][^\n]*[^.\s]$/);
    }
  });

  it('make messages that name the field', () => {
    expect(new ValidationError('STEME_SUBJECT_EMPTY', 'subject').message).toBe(
      'subject is empty; a claim is about something',
    );
    expect(new ValidationError('STEME_FIELD_TYPE', '').message).toMatch(/^the value is of another type/);
  });
});
