import { describe, expect, it } from 'vitest';
import { counterexample, type ReportSource } from './counterexample.ts';
import { html } from './html/index.ts';
import { markdown } from './markdown.ts';
import { sampleFile, sampleMinimized, sampleTrace } from './sample.test-support.ts';

const bare: ReportSource = {
  file: sampleFile,
  kind: 'safety',
  replay: 'npx stemedb-sim replay reports/42.json',
};
const full: ReportSource = { ...bare, file: sampleMinimized, trace: sampleTrace };

describe('a counterexample as Markdown', () => {
  it('has all sections, in order, of a run that was minimized and traced', () => {
    expect(markdown(counterexample(full))).toMatchSnapshot();
  });

  it('leaves out what a run has no data of', () => {
    expect(headings(markdown(counterexample(bare)))).toEqual([
      'Replay',
      'Expected and actual',
      'Steps',
      'Space and time',
      'Facts',
    ]);
    const held = { ...sampleFile, failure: null, history: [] };
    expect(headings(markdown(counterexample({ ...bare, file: held })))).toEqual(['Replay', 'Steps', 'Facts']);
  });

  it('shows ten thousand events of a trace, and says so', () => {
    const steps = Array.from({ length: 10_001 }, (_, index) => ({
      ...sampleTrace.steps[0]!,
      step: index + 1,
    }));
    const { trace } = counterexample({ ...bare, trace: { steps, notes: [] } });
    expect(trace?.lines).toHaveLength(10_000);
    expect(trace?.notice).toBe('The last 10,000 of 10,001 events; "replay --trace full" prints all.');
  });
});

describe('a counterexample as a page', () => {
  const page = html(counterexample(full));

  it('has the sections of the Markdown, in the same order', () => {
    const titles = [...page.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map(([, title]) => title);
    const told = headings(markdown(counterexample(full)));
    expect(titles.slice(0, 4)).toEqual(told.slice(0, 4));
    expect(titles).toEqual([
      'Replay',
      'Expected and actual',
      'Steps',
      'Space and time',
      'The disk at the power loss',
      'Point of no return',
      'Facts',
      'The minimizer',
      'Full trace',
    ]);
  });

  it('lets no text of a run become markup or script', () => {
    expect(page).not.toContain('<img src=x>');
    expect(page).not.toContain('"<script>');
    expect(page).not.toContain('<b>"');
    expect([...page.matchAll(/<\/script>/g)]).toHaveLength(2);
    const moments = /id="moments">([^<]*)<\/script>/.exec(page)?.[1] ?? '';
    expect(JSON.parse(moments)).toContainEqual(expect.objectContaining({ text: 'submits "<script>|`x`"' }));
  });

  it('asks nobody for anything', () => {
    expect(page).toContain('default-src &#39;none&#39;');
    expect(/\b(?:https?:)?\/\/[a-z0-9-]+\.[a-z]/i.exec(page)?.[0]).toBeUndefined();
    expect(/<link|@import|url\((?!#)|<[a-z][^<>]*\s(?:src|srcset|action)=/i.exec(page)?.[0]).toBeUndefined();
  });

  it('has every id once, and no link or label that leads nowhere', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/(?:href="#|aria-labelledby="|data-copy=")([^"]*)"/g)) {
      expect(ids).toContain(target);
    }
  });

  it('links each step of the story to its place in the diagram', () => {
    const links = [...page.matchAll(/<a class="row" href="#moment-(\d+)">/g)];
    expect(links).toHaveLength(4);
  });

  it('is the same for the same run', () => {
    expect(html(counterexample(full))).toBe(page);
  });
});

function headings(text: string): string[] {
  return [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title ?? '');
}
