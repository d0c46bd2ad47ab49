import { describe, expect, it } from 'vitest';
import { CampaignTally } from '../../campaign-tally.ts';
import { campaignHtml } from './document.ts';
import { sampleCampaign } from './sample.test-support.ts';

describe('the page of a campaign', () => {
  it('says how it went, from which seed, how long and how fast', () => {
    const page = campaignHtml(sampleCampaign());
    expect(page).toContain('<h1>2 of 40 runs violated a property</h1>');
    expect(page).toContain('Campaign from seed 7');
    expect(page).toContain('38 held · 1000 ms · 40 runs/s · 1,234 steps/s');
  });

  it('leads to the page of each failure and to the planted bugs', () => {
    const page = campaignHtml(sampleCampaign());
    expect(page).toContain('<a href="20.html">A claim &amp; its "&lt;b&gt;" are gone.</a>');
    expect(page).toContain('2 runs · first seed 20 · arena-9-sample · torn-writes');
    expect(page).toContain('<a href="matrix.html">');
  });

  it('lets no text be markup', () => {
    const page = campaignHtml({ ...sampleCampaign(), seed: '<i>', mutant: '<u>' });
    for (const raw of ['<i>', '<u>', '<b>', '<now>', '<end>', '<never>']) expect(page).not.toContain(raw);
  });

  it('counts properties, scenarios under strategies, faults and markers', () => {
    const page = campaignHtml(sampleCampaign());
    expect(page).toContain(
      '<th scope="row" class="failing">acknowledged-survives</th><td>38</td><td class="failing">2</td>',
    );
    expect(page).toContain('<th scope="row">nothing-leaks</th><td>38</td><td>0</td>');
    expect(page).toContain('<th scope="row">calm</th><td>38</td><td>38</td>');
    expect(page).toContain('torn-writes</th><td class="failing">2, 2 failed</td>');
    expect(page).toContain('<th scope="row">power-loss</th><td>2</td><td>2</td>');
    expect(page).toContain('<code>arena-9-sample × calm</code>');
    expect(page).toContain('1 of 2 were never reached.');
    expect(page).toContain('<th scope="row">kv.flushed</th><td>10</td><td>5</td>');
  });

  it('draws the trend, steady as it was', () => {
    const page = campaignHtml(sampleCampaign());
    expect(page.match(/<polyline/g)).toHaveLength(4);
    expect(page).toMatch(/Different failures: 1, the last in span \d+ of \d+"/);
    expect(page).toMatch(/Runs per second: from [3-4]\d to [4-6]\d"/);
  });

  it('stands without a single run', () => {
    const sample = sampleCampaign();
    const summary = { ...sample.summary, runs: 0, held: 0, violated: 0, markersNeverReached: [] };
    const page = campaignHtml({ ...sample, summary, tally: new CampaignTally([], []), seconds: 0 });
    expect(page).toContain('<h1>No run was played</h1>');
    expect(page).not.toContain('NaN');
  });
});
