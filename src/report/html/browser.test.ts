import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterexample } from '../counterexample.ts';
import { sampleMinimized, sampleStates, sampleTrace } from '../sample.test-support.ts';
import { chromiumPath } from './browser.test-support.ts';
import { sampleCampaign } from './campaign/sample.test-support.ts';
import { campaignHtml, html } from './index.ts';

const executablePath = chromiumPath(process.env);

const noBrowser = 'There is no Chromium on this machine: set CHROMIUM_PATH, or install one.';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

describe('the page in a browser', () => {
  let browser: Browser;
  let folder: string;
  let url: string;
  let campaignUrl: string;

  beforeAll(async () => {
    if (executablePath === undefined) return;
    browser = await chromium.launch({ executablePath, args: flags });
    folder = await mkdtemp(path.join(tmpdir(), 'stemedb-page-'));
    const file = path.join(folder, 'page.html');
    const replay = 'npx stemedb-sim replay reports/42.json';
    const source = { file: sampleMinimized, trace: sampleTrace, states: sampleStates, replay };
    await writeFile(file, html(counterexample({ ...source, kind: 'safety' })));
    url = pathToFileURL(file).href;
    const campaignFile = path.join(folder, 'campaign.html');
    await writeFile(campaignFile, campaignHtml(sampleCampaign()));
    campaignUrl = pathToFileURL(campaignFile).href;
  });

  afterAll(async () => {
    if (executablePath === undefined) return;
    await browser.close();
    await rm(folder, { recursive: true });
  });

  it('walks, filters, copies and changes its theme, without an error or a request', async (context) => {
    context.skip(executablePath === undefined, noBrowser);
    const page = await browser.newPage();
    const trouble: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && trouble.push(message.text())));
    page.on('pageerror', (error) => void trouble.push(error.message));
    page.on('request', (request) => void requests.push(request.url()));
    await page.goto(url);

    const scrub = page.locator('#scrub');
    await scrub.fill('0');
    expect(await page.locator('.moment.picked').getAttribute('data-index')).toBe('0');
    await page.getByRole('button', { name: 'Next moment' }).click();
    expect(await scrub.inputValue()).toBe('1');
    await scrub.press('End');
    const world = page.locator('#world');
    expect(await world.textContent()).toContain('nothing runs');
    await page.locator('#step-list a').nth(1).click();
    expect(await page.locator('#step-list a.picked').count()).toBeGreaterThan(0);
    expect(await world.textContent()).toContain('512 bytes durable, 512 unsynced');
    expect(await world.textContent()).toContain('lock of the log');
    await page.locator('#fine').fill('0');
    expect(await page.locator('#fine-step').textContent()).toMatch(/^step \d+: /);
    await page.locator('#step-list a').nth(1).click();
    await page.locator('.moment.picked').press('ArrowUp');
    expect(await page.locator('.moment.picked').getAttribute('data-index')).not.toBe('4');

    await page.locator('[data-filter]').fill('power');
    expect(await page.locator('#step-list li:visible').count()).toBe(1);
    await page.getByText('6 events').click();
    await page.locator('[data-filter-lines]').fill('request');
    expect((await page.locator('#trace-lines').textContent())?.split('\n')).toHaveLength(1);

    await page.locator('[data-copy]').click();
    await expect.poll(() => page.locator('[data-copy]').textContent()).toMatch(/Copied|Selected/);
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).color');
    await page.locator('#theme').selectOption('light');
    const light = await ground();
    await page.locator('#theme').selectOption('dark');
    expect(await ground()).not.toBe(light);

    expect(trouble).toEqual([]);
    expect(requests).toEqual([url]);
    await page.close();
  });

  for (const width of [390, 1280]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`has nothing serious for a checker of accessibility, ${width} wide, ${colorScheme}`, async (context) => {
        context.skip(executablePath === undefined, noBrowser);
        const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
        await page.goto(url);
        expect(await seriousTrouble(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.close();
      });
    }
  }

  it('shows a whole campaign, wide and narrow, light and dark, without an error or a request', async (context) => {
    context.skip(executablePath === undefined, noBrowser);
    for (const width of [390, 1280]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
        const trouble: string[] = [];
        const requests: string[] = [];
        page.on('console', (message) => void (message.type() === 'error' && trouble.push(message.text())));
        page.on('pageerror', (error) => void trouble.push(error.message));
        page.on('request', (request) => void requests.push(request.url()));
        await page.goto(campaignUrl);
        await page.locator('[data-filter]').fill('leaks');
        expect(await page.locator('#property-rows tbody tr:visible').count()).toBe(1);
        expect(await page.getByRole('heading', { level: 2 }).count()).toBe(7);
        expect(await page.getByRole('img', { name: /^Runs per second/ }).count()).toBe(1);
        await page.getByText('In figures').click();
        expect(await seriousTrouble(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(trouble).toEqual([]);
        expect(requests).toEqual([campaignUrl]);
        await page.close();
      }
    }
  });
});

/** What axe-core calls serious or critical. */
async function seriousTrouble(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
