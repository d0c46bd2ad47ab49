/** What XML 1.0 cannot hold, not even escaped: control characters, lone surrogates, U+FFFE and U+FFFF. */
const forbidden =
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const references = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
  ['\t', '&#9;'],
]);

/** For the content of an element of XML or HTML. */
export function escapeText(text: string): string {
  return text
    .replaceAll(forbidden, '\ufffd')
    .replaceAll(/[&<>\r]/g, (found) => references.get(found) ?? found);
}

/** For an attribute between quotes; line ends survive, too. */
export function escapeAttribute(text: string): string {
  return text
    .replaceAll(forbidden, '\ufffd')
    .replaceAll(/[&<>"'\n\r\t]/g, (found) => references.get(found) ?? found);
}
