/** Why a text is not one JSON value, and where. */
export interface SyntaxProblem {
  /** UTF-16 units before it. */
  readonly index: number;
  readonly problem: string;
}

/** Deeper than anything that means something here, and far from the end of the stack. */
const depthMax = 64;

/**
 * The first thing wrong with a text that should be one JSON value (RFC 8259), or `undefined`. The messages of
 * `JSON.parse` differ between releases of Node, and it takes the last of two fields with one name without a
 * word, though its author meant both; so two equal names are a problem here.
 */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return undefined;
  } catch (error) {
    if (error instanceof Flaw) return { index: error.index, problem: error.message };
    throw error;
  }
}

class Flaw extends Error {
  readonly index: number;

  constructor(index: number, problem: string) {
    super(problem);
    this.index = index;
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const whitespacePattern = /[ \t\n\r]*/y;
/** All but the quote, the backslash and the control characters below the space. */
const plainPattern = /[ !#-[\]-\uffff]*/y;
const escapePattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#skip(whitespacePattern);
    this.#value(0);
    this.#skip(whitespacePattern);
    if (this.#at < this.#text.length) this.#fail('nothing may follow the value');
  }

  #value(depth: number): void {
    if (depth > depthMax) this.#fail(`more than ${depthMax} levels of nesting`);
    switch (this.#text[this.#at]) {
      case '{':
        this.#object(depth);
        break;
      case '[':
        this.#array(depth);
        break;
      case '"':
        this.#string();
        break;
      case 't':
        this.#word('true');
        break;
      case 'f':
        this.#word('false');
        break;
      case 'n':
        this.#word('null');
        break;
      case undefined:
        this.#fail('the text ends where a value is expected');
        break;
      default:
        this.#number();
    }
  }

  #object(depth: number): void {
    const names = new Set<string>();
    this.#at += 1;
    this.#skip(whitespacePattern);
    if (this.#take('}')) return;
    for (;;) {
      if (this.#text[this.#at] !== '"') this.#fail('expected a name in double quotes');
      const nameAt = this.#at;
      this.#string();
      const name = JSON.parse(this.#text.slice(nameAt, this.#at)) as string;
      if (names.has(name)) this.#fail(`${JSON.stringify(name)} is there for the second time`, nameAt);
      names.add(name);
      this.#skip(whitespacePattern);
      if (!this.#take(':')) this.#fail('expected ":" after the name');
      this.#skip(whitespacePattern);
      this.#value(depth + 1);
      this.#skip(whitespacePattern);
      if (this.#take('}')) return;
      if (!this.#take(',')) this.#fail('expected "," or "}"');
      this.#skip(whitespacePattern);
    }
  }

  #array(depth: number): void {
    this.#at += 1;
    this.#skip(whitespacePattern);
    if (this.#take(']')) return;
    for (;;) {
      this.#value(depth + 1);
      this.#skip(whitespacePattern);
      if (this.#take(']')) return;
      if (!this.#take(',')) this.#fail('expected "," or "]"');
      this.#skip(whitespacePattern);
    }
  }

  #string(): void {
    const openedAt = this.#at;
    this.#at += 1;
    for (;;) {
      this.#skip(plainPattern);
      if (this.#take('"')) return;
      const next = this.#text[this.#at];
      if (next === undefined) this.#fail('this string is never closed', openedAt);
      if (next !== '\\') this.#fail('a control character in a string must be written as \\u00XX');
      if (this.#skip(escapePattern) === 0) this.#fail('no such escape');
    }
  }

  #number(): void {
    if (this.#skip(numberPattern) === 0) this.#fail('expected a value');
  }

  #word(word: string): void {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('expected a value');
    this.#at += word.length;
  }

  /** How far a sticky pattern matches from here, having moved there. */
  #skip(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    const length = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #fail(problem: string, index = this.#at): never {
    throw new Flaw(index, problem);
  }
}
