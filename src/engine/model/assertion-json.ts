import { toHex } from '../../crypto/index.ts';
import { validateContent } from './assertion-codec.ts';
import { ValidationError } from './errors.ts';
import { JsonReader } from './json-reader.ts';
import { SIGNATURES_MAX } from './limits.ts';
import { canonicalSignatures } from './signers.ts';
import {
  type AgentSignature,
  type Assertion,
  type AssertionContent,
  type Lifecycle,
  LIFECYCLES,
  OBJECT_TYPES,
  type ObjectValue,
} from './types.ts';

/** One field, whose name is the type. */
export type ObjectJson =
  | { readonly text: string }
  | { readonly number: number }
  | { readonly boolean: boolean }
  | { readonly reference: string };

/** The content of an assertion in JSON; hashes are lower-case hex. */
export interface ContentJson {
  readonly subject: string;
  readonly predicate: string;
  /** A bare string, number or boolean is short for `text`, `number` and `boolean`. */
  readonly object: ObjectJson | string | number | boolean;
  readonly parentHash?: string;
  readonly sourceHash?: string;
  readonly epoch?: number;
  /** `proposed` when absent. */
  readonly lifecycle?: Lifecycle;
  readonly confidence: number;
  readonly timestamp: number;
}

/** An assertion in JSON; keys and signatures are lower-case hex. */
export interface AssertionJson extends ContentJson {
  readonly signatures: readonly { readonly agentId: string; readonly signature: string }[];
}

const CONTENT_FIELDS = [
  'subject',
  'predicate',
  'object',
  'parentHash',
  'sourceHash',
  'epoch',
  'lifecycle',
  'confidence',
  'timestamp',
] satisfies readonly (keyof ContentJson)[];

const ASSERTION_FIELDS = [...CONTENT_FIELDS, 'signatures'];

const SIGNATURE_FIELDS = ['agentId', 'signature'];

/** Content that nobody has signed yet, from parsed JSON of any shape. Throws `ValidationError`. */
export function contentFromJson(value: unknown): AssertionContent {
  const content = readContent(new JsonReader(value, '', CONTENT_FIELDS));
  validateContent(content);
  return content;
}

/** An assertion from parsed JSON of any shape; its signatures are not verified. Throws `ValidationError`. */
export function assertionFromJson(value: unknown): Assertion {
  const fields = new JsonReader(value, '', ASSERTION_FIELDS);
  const content = readContent(fields);
  validateContent(content);
  return { ...content, signatures: canonicalSignatures(readSignatures(fields)) };
}

/** Content that keeps the rules, as JSON that `contentFromJson` reads back. */
export function contentToJson(content: AssertionContent): ContentJson {
  const { parentHash, sourceHash, epoch } = content;
  return {
    subject: content.subject,
    predicate: content.predicate,
    object: objectToJson(content.object),
    ...(parentHash && { parentHash: toHex(parentHash) }),
    ...(sourceHash && { sourceHash: toHex(sourceHash) }),
    ...(epoch !== undefined && { epoch }),
    lifecycle: content.lifecycle,
    confidence: content.confidence,
    timestamp: content.timestamp,
  };
}

/** An assertion that keeps the rules, as JSON that `assertionFromJson` reads back. */
export function assertionToJson(assertion: Assertion): AssertionJson {
  const signatures = assertion.signatures.map(({ agentId, signature }) => ({
    agentId: toHex(agentId),
    signature: toHex(signature),
  }));
  return { ...contentToJson(assertion), signatures };
}

function readContent(fields: JsonReader): AssertionContent {
  return {
    subject: fields.string('subject'),
    predicate: fields.string('predicate'),
    object: readObject(fields),
    ...(fields.has('parentHash') && { parentHash: fields.hash('parentHash') }),
    ...(fields.has('sourceHash') && { sourceHash: fields.hash('sourceHash') }),
    ...(fields.has('epoch') && { epoch: fields.number('epoch') }),
    lifecycle: fields.has('lifecycle') ? readLifecycle(fields) : 'proposed',
    confidence: fields.number('confidence'),
    timestamp: fields.number('timestamp'),
  };
}

function readLifecycle(fields: JsonReader): Lifecycle {
  const name = fields.string('lifecycle');
  const lifecycle = LIFECYCLES.find((known) => known === name);
  if (lifecycle === undefined) throw new ValidationError('STEME_LIFECYCLE_UNKNOWN', fields.path('lifecycle'));
  return lifecycle;
}

function readObject(fields: JsonReader): ObjectValue {
  const value = fields.value('object');
  if (typeof value === 'string') return { type: 'text', value };
  if (typeof value === 'number') return { type: 'number', value: fields.number('object') };
  if (typeof value === 'boolean') return { type: 'boolean', value };
  const path = fields.path('object');
  const object = new JsonReader(value, path, OBJECT_TYPES);
  const [type, another] = OBJECT_TYPES.filter((name) => object.has(name));
  if (type === undefined || another !== undefined) throw new ValidationError('STEME_OBJECT_TYPE', path);
  switch (type) {
    case 'text':
    case 'reference':
      return { type, value: object.string(type) };
    case 'number':
      return { type, value: object.number(type) };
    case 'boolean':
      return { type, value: object.boolean(type) };
  }
}

function objectToJson(object: ObjectValue): ObjectJson {
  switch (object.type) {
    case 'text':
      return { text: object.value };
    case 'number':
      return { number: object.value };
    case 'boolean':
      return { boolean: object.value };
    case 'reference':
      return { reference: object.value };
  }
}

function readSignatures(fields: JsonReader): AgentSignature[] {
  const values = fields.array('signatures');
  if (values.length > SIGNATURES_MAX) throw new ValidationError('STEME_SIGNATURES_TOO_MANY', 'signatures');
  return values.map((value, index) => {
    const signer = new JsonReader(value, `signatures[${index}]`, SIGNATURE_FIELDS);
    return { agentId: signer.agentId('agentId'), signature: signer.signature('signature') };
  });
}
