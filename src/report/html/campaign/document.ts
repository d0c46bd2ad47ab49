import type { CampaignSummary } from '../../../explore/index.ts';
import type { CampaignTally } from '../../campaign-tally.ts';
import { duration, grouped, runsText } from '../../style.ts';
import { escapeAttribute, escapeText } from '../../xml.ts';
import { section } from '../sections.ts';
import { shell } from '../shell.ts';
import { faultsSection, markersSection } from './coverage.ts';
import { failuresSection } from './failures.ts';
import { propertiesSection } from './properties.ts';
import { scenariosSection } from './scenarios.ts';
import { trendSection } from './trend.ts';

export interface Campaign {
  readonly tally: CampaignTally;
  readonly summary: CampaignSummary;
  readonly seed: string;
  /** Real time that it took. */
  readonly seconds: number;
  /** The bug that was planted in it. */
  readonly mutant: string | undefined;
  /** What the page says to lead to another file. */
  readonly linkTo: (file: string) => string;
  /** A page of planted bugs beside it. */
  readonly matrix: string | undefined;
}

/** A whole campaign as one page that needs nothing else. */
export function campaignHtml(campaign: Campaign): string {
  const { tally, summary, seed, seconds, mutant } = campaign;
  return shell({
    title: `Campaign from seed ${seed}`,
    isHeld: summary.runs > 0 && summary.runs === summary.held,
    verdict: verdictOf(summary),
    subtitle: subtitleOf(summary, seconds),
    planted: mutant,
    sections: [
      failuresSection(campaign),
      provedSection(summary),
      trendSection(tally.trend),
      propertiesSection(tally.arenas()),
      scenariosSection(tally.coverage.cells),
      faultsSection(tally.coverage),
      markersSection(tally.coverage, summary.markersNeverReached),
      matrixSection(campaign),
    ],
    styles: ['campaign/campaign.css'],
    scripts: [],
  });
}

function verdictOf({ runs, held, violated, errors }: CampaignSummary): string {
  if (runs === 0) return 'No run was played';
  if (runs === held) return runs === 1 ? 'The one run held' : `All ${grouped(runs)} runs held`;
  const parts = [
    ...(violated > 0 ? [[violated, 'violated a property'] as const] : []),
    ...(errors > 0 ? [[errors, 'ended in an error of the simulator'] as const] : []),
  ];
  const told = parts.map(([count, what], index) =>
    index === 0 ? `${grouped(count)} of ${runsText(runs)} ${what}` : `${grouped(count)} ${what}`,
  );
  return told.join(', ');
}

function subtitleOf({ runs, held, stepsPerSecond }: CampaignSummary, seconds: number): string {
  const perSecond = seconds > 0 ? runs / seconds : 0;
  const rate = perSecond < 10 ? perSecond.toFixed(1) : grouped(perSecond);
  return `${grouped(held)} held · ${duration(seconds * 1000)} · ${rate} runs/s · ${grouped(stepsPerSecond)} steps/s`;
}

function provedSection({ provedUpTo = [], violated }: CampaignSummary): string {
  if (provedUpTo.length === 0) return '';
  const items = provedUpTo.map((claim) => `<li>${escapeText(claim)}</li>`);
  return section('proved', violated === 0 ? 'Proved up to' : 'Played', `<ul>${items.join('')}</ul>`);
}

function matrixSection({ matrix }: Campaign): string {
  if (matrix === undefined) return '';
  const link = `<a href="${escapeAttribute(matrix)}">Which planted bugs are found, and how soon</a>`;
  return section('mutants', 'Planted bugs', `<p>${link}</p>`);
}
