import { fromHex } from '../../crypto/index.ts';
import type { ValidationCode } from './codes.ts';
import { ValidationError } from './errors.ts';
import { AGENT_ID_BYTES, HASH_BYTES, SIGNATURE_BYTES } from './format.ts';

/**
 * The fields of an object that came from outside. It is refused when it has any field but those in `known`:
 * a field that nobody reads is one that its author believes to have signed.
 */
export class JsonReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /** `path` is where in the whole value this object lies; empty for the whole. Throws `ValidationError`. */
  constructor(value: unknown, path: string, known: readonly string[]) {
    if (!isObject(value)) throw new ValidationError('STEME_FIELD_TYPE', path);
    this.#fields = value;
    this.#path = path;
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) throw new ValidationError('STEME_FIELD_UNKNOWN', this.path(name));
    }
  }

  /** Where a field of this object lies in the whole value. */
  path(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name);
  }

  value(name: string): unknown {
    if (!this.has(name)) throw new ValidationError('STEME_FIELD_MISSING', this.path(name));
    return this.#fields[name];
  }

  string(name: string): string {
    const value = this.value(name);
    if (typeof value !== 'string') throw new ValidationError('STEME_FIELD_TYPE', this.path(name));
    return value;
  }

  /** A number, zero without its sign. */
  number(name: string): number {
    const value = this.value(name);
    if (typeof value !== 'number') throw new ValidationError('STEME_FIELD_TYPE', this.path(name));
    return value === 0 ? 0 : value;
  }

  boolean(name: string): boolean {
    const value = this.value(name);
    if (typeof value !== 'boolean') throw new ValidationError('STEME_FIELD_TYPE', this.path(name));
    return value;
  }

  array(name: string): readonly unknown[] {
    const value = this.value(name);
    if (!Array.isArray(value)) throw new ValidationError('STEME_FIELD_TYPE', this.path(name));
    return value;
  }

  hash(name: string): Uint8Array {
    return this.#hex(name, HASH_BYTES, 'STEME_HASH_LENGTH');
  }

  agentId(name: string): Uint8Array {
    return this.#hex(name, AGENT_ID_BYTES, 'STEME_AGENT_ID_LENGTH');
  }

  signature(name: string): Uint8Array {
    return this.#hex(name, SIGNATURE_BYTES, 'STEME_SIGNATURE_LENGTH');
  }

  #hex(name: string, length: number, code: ValidationCode): Uint8Array {
    const text = this.string(name);
    // The length first, so that megabytes of digits are never converted.
    if (text.length !== 2 * length) throw new ValidationError(code, this.path(name));
    const bytes = fromHex(text);
    if (bytes === undefined) throw new ValidationError('STEME_HEX_INVALID', this.path(name));
    return bytes;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
