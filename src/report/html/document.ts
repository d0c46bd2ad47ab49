import { readFileSync } from 'node:fs';
import { packageRoot } from '../../explore/package-root.ts';
import type { Counterexample } from '../counterexample.ts';
import { escapeAttribute, escapeText } from '../xml.ts';
import { diskSection } from './disk.ts';
import { diagramSection } from './diagram.ts';
import { pointOfNoReturnSection } from './point-of-no-return.ts';
import {
  expectedSection,
  factsSection,
  minimizerSection,
  replaySection,
  stepsSection,
  traceSection,
} from './sections.ts';

/** What a browser may do with the page: nothing but show it. It asks nobody for anything. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** A counterexample as one page that needs nothing else: no server, no network, no other file. */
export function html(of: Counterexample): string {
  const sections = [
    replaySection(of),
    expectedSection(of),
    stepsSection(of),
    of.spaceTime === undefined ? '' : diagramSection(of.spaceTime, of.states),
    diskSection(of.powerLosses),
    of.pointOfNoReturn === null ? '' : pointOfNoReturnSection(of.pointOfNoReturn),
    factsSection(of),
    minimizerSection(of),
    traceSection(of),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<title>${escapeText(of.title)}</title>
<style>
${asset('page.css')}${asset('world.css')}</style>
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
${sections.filter((section) => section !== '').join('\n')}
</main>
<script>
${asset('world.js')}${asset('page.js')}</script>
</body>
</html>
`;
}

/** A file of this folder in the sources, which the package has beside the build. */
function asset(name: string): string {
  return readFileSync(new URL(`src/report/html/${name}`, packageRoot), 'utf8');
}
