import { isUtf8 } from 'node:buffer';
import { ValidationError } from '../../engine/index.ts';
import { findSyntaxProblem } from './json-syntax.ts';
import type { Line } from './lines.ts';

/** A line that does not hold what it should. */
export interface LineProblem {
  readonly line: number;
  /** `column 12`, `byte 7`, `object.text`; empty when it is about the whole line. */
  readonly place: string;
  readonly problem: string;
  /** The rule that is broken; a line without one is no JSON. */
  readonly code?: string;
}

/** More than the longest claim takes, even with every character of it escaped. */
export const lineBytesMax = 1 << 20;

/**
 * What a line of JSON holds, according to `parse`, which throws `ValidationError` for what breaks a rule;
 * nothing at all, or why it holds something else.
 */
export function readJsonLine<T extends object>(
  { number, bytes }: Line,
  noun: string,
  parse: (json: unknown) => T,
): T | LineProblem | undefined {
  const refuse = (place: string, problem: string): LineProblem => ({ line: number, place, problem });
  if (bytes === undefined) return refuse('', `is longer than ${lineBytesMax} bytes, so it is no ${noun}`);
  if (!isUtf8(bytes)) return refuse(`byte ${invalidByteOf(bytes)}`, 'no UTF-8 from here on');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (/^[ \t\r]*$/.test(text)) return undefined;
  const syntax = findSyntaxProblem(text);
  if (syntax !== undefined) return refuse(`column ${columnOf(text, syntax.index)}`, syntax.problem);
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const { field, code, message } = error;
    return { line: number, place: field, problem: message.slice(field.length).trimStart(), code };
  }
}

export function isProblem(read: object): read is LineProblem {
  return 'problem' in read;
}

/** `line 3, column 14: expected ...`, `line 7, confidence: must lie ... [STEME_...]` */
export function describeProblem({ line, place, problem, code }: LineProblem): string {
  const where = place === '' ? `line ${line}` : `line ${line}, ${place}`;
  return `${where}: ${problem}${code === undefined ? '' : ` [${code}]`}`;
}

/** Characters as people count them, from 1: a surrogate pair is one. */
function columnOf(text: string, index: number): number {
  return Array.from(text.slice(0, index)).length + 1;
}

/** The first byte, counted from 1, with which `bytes` cease to be the beginning of some UTF-8. */
function invalidByteOf(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    if (isBeginningOfUtf8(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  return Math.min(invalid, bytes.length);
}

function isBeginningOfUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
