/**
 * Lines for people. While something else has the terminal they are kept, and printed in their order once it has been
 * given back.
 */
export class Printer {
  readonly #out: NodeJS.WritableStream;
  readonly #err: NodeJS.WritableStream;
  readonly #kept: (readonly [stream: NodeJS.WritableStream, text: string])[] = [];
  #isHeld = false;

  constructor(out: NodeJS.WritableStream, err: NodeJS.WritableStream) {
    this.#out = out;
    this.#err = err;
  }

  print(text: string): void {
    this.#write(this.#out, text);
  }

  complain(text: string): void {
    this.#write(this.#err, text);
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (const [stream, text] of this.#kept.splice(0)) stream.write(text);
  }

  #write(stream: NodeJS.WritableStream, text: string): void {
    const line = `${text}\n`;
    if (this.#isHeld) this.#kept.push([stream, line]);
    else stream.write(line);
  }
}
