import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ApiBench } from './api.test-support.ts';
import { openApiDocument } from './openapi.ts';
import { operations } from './operations.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(openApiDocument() as Record<string, unknown>);
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(validator.version).toBe('3.1');
  });

  it('is refused by the validator when it is damaged, so that the validator does look', async () => {
    const damaged = { ...openApiDocument(), paths: { nowhere: { get: {} } } };
    expect((await new Validator().validate(damaged)).valid).toBe(false);
  });

  it('names every operation, and no other', () => {
    const { paths } = openApiDocument() as Document;
    const named = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(named.toSorted()).toEqual(Object.keys(operations).toSorted());
  });

  it('is what the server hands out, to anybody', async () => {
    const { json, headers } = await (await ApiBench.start()).send('GET', '/openapi.json');
    expect(headers.get('content-type')).toBe('application/json');
    expect(json).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });
});
