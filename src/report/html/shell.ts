import { readFileSync } from 'node:fs';
import { packageRoot } from '../../explore/package-root.ts';
import { escapeAttribute, escapeText } from '../xml.ts';

/** What a browser may do with a page: nothing but show it. It asks nobody for anything. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

export interface PageParts {
  readonly title: string;
  readonly isHeld: boolean;
  /** The heading of the page. */
  readonly verdict: string;
  readonly subtitle: string;
  /** The bug that was planted on purpose. */
  readonly planted: string | undefined;
  /** In HTML; empty ones are left out. */
  readonly sections: readonly string[];
  /** Files of this folder, beside those that every page has. */
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
}

/** One page that needs nothing else: no server, no network, no other file. */
export function shell(of: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<title>${escapeText(of.title)}</title>
<style>
${['page.css', ...of.styles].map(asset).join('')}</style>
</head>
<body>
<header>
<label class="theme">Theme <select id="theme"><option value="">as the system</option><option value="light">light</option><option value="dark">dark</option></select></label>
<p class="title"><span class="badge ${of.isHeld ? 'held' : 'failed'}">${of.isHeld ? 'HELD' : 'FAIL'}</span> ${escapeText(of.title)}</p>
<h1>${escapeText(of.verdict)}</h1>
<p class="quiet">${escapeText(of.subtitle)}</p>
${of.planted === undefined ? '' : `<p class="note">This bug was planted on purpose: <code>${escapeText(of.planted)}</code>.</p>`}
</header>
<main>
${of.sections.filter((section) => section !== '').join('\n')}
</main>
<script>
${[...of.scripts, 'page.js'].map(asset).join('')}</script>
</body>
</html>
`;
}

/** A file of this folder in the sources, which the package has beside the build. */
function asset(name: string): string {
  return readFileSync(new URL(`src/report/html/${name}`, packageRoot), 'utf8');
}
