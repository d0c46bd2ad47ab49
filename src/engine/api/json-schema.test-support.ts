import fc from 'fast-check';

/** The part of JSON Schema that the document uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** The same value with every reference replaced by what it names. */
export function dereferenced(root: object, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => dereferenced(root, item));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as JsonSchema;
  if ($ref !== undefined) {
    let target: unknown = root;
    for (const part of $ref.slice(2).split('/')) target = (target as Record<string, unknown>)[part];
    return dereferenced(root, target);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, dereferenced(root, item)]));
}

/** Values that a schema without references allows. Throws for what it does not know, rather than skip it. */
export function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.allOf !== undefined) return valuesOf(Object.assign({}, ...schema.allOf) as JsonSchema);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  switch (schema.type) {
    case 'string':
      if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern));
      return fc.string({
        minLength: minLength ?? 0,
        maxLength: Math.min(maxLength ?? 20, 20),
        unit: 'binary',
      });
    case 'integer':
      return fc.oneof(
        fc.integer({ min: minimum ?? 0, max: Math.min(maximum ?? 5, 5) }),
        fc.integer({ min: minimum ?? 0, max: maximum ?? Number.MAX_SAFE_INTEGER }),
        fc.constantFrom(minimum ?? 0, maximum ?? 5),
      );
    case 'number':
      return fc.oneof(
        fc.double({ min: minimum ?? -1e300, max: maximum ?? 1e300, noNaN: true }),
        fc.constantFrom(minimum ?? 0, maximum ?? 1),
      );
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: minItems ?? 0,
        maxLength: Math.min(maxItems ?? 3, 3),
      });
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, valuesOf(field)]);
      return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
        requiredKeys: [...(schema.required ?? [])],
        noNullPrototype: true,
      });
    }
    default:
      throw new Error(`no values are known for ${JSON.stringify(schema)}`);
  }
}

const oddTexts = ['', '\0', '\uD800', '🚗', '__proto__', 'A'.repeat(64), 'a'.repeat(5000)];
const oddNumbers = [-1, -0.5, 0.1 + 0.2, 1e15, 2 ** 53, Number.MAX_VALUE];
const oddShapes: readonly unknown[] = [null, true, [], {}, [[]], { text: 1 }, { constructor: 1 }];

const oddities: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...oddTexts, ...oddNumbers, ...oddShapes),
  fc.jsonValue({ maxDepth: 2 }),
);

/** The value with something changed somewhere: replaced, left out or added. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return oddities;
  const names = Object.keys(value);
  const fields = value as Readonly<Record<string, unknown>>;
  const added = fc
    .tuple(fc.constantFrom('extra', '__proto__', 'constructor', '', 'toString'), oddities)
    .map(([name, odd]) => Object.defineProperty({ ...fields }, name, { value: odd, enumerable: true }));
  if (names.length === 0) return Array.isArray(value) ? oddities : added;
  const somewhere = fc.constantFrom(...names);
  const changed = somewhere.chain((name) =>
    fc.oneof(oddities, mutated(fields[name])).map((odd) => replaced(value, name, odd)),
  );
  const without = somewhere.map((name) =>
    Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name)),
  );
  return fc.oneof({ weight: 4, arbitrary: changed }, without, added, { weight: 1, arbitrary: oddities });
}

function replaced(value: object, name: string, odd: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === name ? odd : item));
  return { ...value, [name]: odd };
}
