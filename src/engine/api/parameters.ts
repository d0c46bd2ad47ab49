import { JsonReader } from '../model/json-reader.ts';
import { RequestError } from './request-error.ts';

/**
 * The parameters in a query string. Strict: none twice, none that nobody reads, no escape that is no UTF-8; what
 * would be lost or guessed is refused. Throws `RequestError`, all of status 400.
 */
export class Parameters {
  readonly #values = new Map<string, string>();

  /** `known` are the names that the operation documents. */
  constructor(url: string, known: readonly string[]) {
    for (const pair of queryOf(url).split('&')) {
      if (pair === '') continue;
      const [name = '', ...rest] = pair.split('=');
      this.#add(unescape(name), unescape(rest.join('=')), known);
    }
  }

  /** Throws when it is missing. An empty value is one. */
  text(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw new RequestError(
      'STEME_PARAMETER_MISSING',
      `The parameter ${name} is missing; it has no default.`,
      {
        field: name,
      },
    );
  }

  optional(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** In decimal digits without leading zeros. */
  integer(name: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw invalid(name, `an integer from ${min} to ${max}`);
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const choice = choices.find((known) => known === text);
    if (choice !== undefined) return choice;
    throw invalid(name, choices.join(' or '));
  }

  #add(name: string, value: string, known: readonly string[]): void {
    const field = { field: name };
    if (!known.includes(name)) {
      const names = known.length === 0 ? 'takes no parameters' : `knows only ${known.join(', ')}`;
      throw new RequestError('STEME_PARAMETER_UNKNOWN', `This ${names}: remove the others.`, field);
    }
    if (this.#values.has(name)) {
      throw new RequestError(
        'STEME_PARAMETER_DUPLICATE',
        `The parameter ${name} is there twice: say which.`,
        field,
      );
    }
    this.#values.set(name, value);
  }
}

/** A hash in a path or a query, judged by the model. Throws `ValidationError`. */
export function hashOf(name: string, text: string): Uint8Array {
  return new JsonReader({ [name]: text }, '', [name]).hash(name);
}

/** As `hashOf`. */
export function agentIdOf(name: string, text: string): Uint8Array {
  return new JsonReader({ [name]: text }, '', [name]).agentId(name);
}

function queryOf(url: string): string {
  const begin = url.indexOf('?');
  const end = url.indexOf('#');
  if (begin < 0 || (end >= 0 && end < begin)) return '';
  return url.slice(begin + 1, end < 0 ? undefined : end);
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new RequestError(
      'STEME_PARAMETER_ENCODING',
      'A parameter has a % that begins no escaped UTF-8; escape it.',
    );
  }
}

function invalid(name: string, rule: string): RequestError {
  return new RequestError('STEME_PARAMETER_INVALID', `The parameter ${name} must be ${rule}.`, {
    field: name,
  });
}
