/** A text between quotes in which nothing is invisible, or reorders what stands around it. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /\p{C}/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
