import type { Counterexample } from '../counterexample.ts';
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
import { shell } from './shell.ts';

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
  return shell({
    title: of.title,
    isHeld: of.isHeld,
    verdict: of.verdict,
    subtitle: of.subtitle,
    planted: of.planted,
    sections,
    styles: ['world.css'],
    scripts: ['world.js'],
  });
}
