import { type CampaignTrend, joined, type TrendBucket } from '../../campaign-trend.ts';
import { duration, grouped } from '../../style.ts';
import { escapeAttribute, escapeText } from '../../xml.ts';
import { section } from '../sections.ts';

const width = 600;
const height = 90;
const top = 8;
const bottom = height - 8;

/** Runs that a span should have, about: fewer would show nothing but when each of them ended. */
const runsInSpan = 4;

interface Line {
  readonly title: string;
  readonly values: readonly number[];
  readonly told: string;
  readonly kind: string;
}

/** How fast it was, and whether it still found anything new. */
export function trendSection(trend: CampaignTrend): string {
  const runs = trend.buckets.reduce((sum, bucket) => sum + bucket.runs, 0);
  const wanted = Math.min(60, Math.max(10, Math.floor(runs / runsInSpan)));
  const count = Math.max(1, Math.floor(trend.buckets.length / wanted));
  const spans = joined(trend.buckets, count);
  if (spans.length < 2) return '';
  const spanMs = trend.spanMs * count;
  const lastMs = trend.spanMs * (trend.buckets.length - (spans.length - 1) * count);
  const rates = ratesOf(spans, spanMs, lastMs);
  const lines = [
    rateLine(rates),
    totalLine(
      'Markers reached',
      'markers',
      spans.map(({ newMarkers }) => newMarkers),
    ),
    totalLine(
      'Different failures',
      'failures',
      spans.map(({ newFailures }) => newFailures),
    ),
    totalLine(
      'Failed runs',
      'failures',
      spans.map(({ failures }) => failures),
    ),
  ];
  return section(
    'trend',
    'Trend',
    `<p class="quiet">From beginning to end, ${spans.length} spans of ${duration(spanMs)} each.</p>
<div class="trends">
${lines.map(figure).join('\n')}
</div>
<details><summary>In figures</summary>${figures(spans, rates, spanMs)}</details>`,
  );
}

/** The last span may be too short to say much: it counts with the one before. */
function ratesOf(spans: readonly TrendBucket[], spanMs: number, lastMs: number): number[] {
  const tail = spans.slice(-2).reduce((sum, { runs }) => sum + runs, 0);
  return spans.map(({ runs }, index) =>
    index === spans.length - 1 ? (1000 * tail) / (spanMs + lastMs) : (1000 * runs) / spanMs,
  );
}

function rateLine(values: readonly number[]): Line {
  const told = `from ${rate(Math.min(...values))} to ${rate(Math.max(...values))}`;
  return { title: 'Runs per second', values, told, kind: 'rate' };
}

/** How many there had been by the end of each span. */
function totalLine(title: string, kind: string, news: readonly number[]): Line {
  let sum = 0;
  const values = news.map((value) => (sum += value));
  const last = news.findLastIndex((value) => value > 0);
  const told = sum === 0 ? 'none' : `${grouped(sum)}, the last in span ${last + 1} of ${news.length}`;
  return { title, values, told, kind };
}

function figure({ title, values, told, kind }: Line): string {
  const most = Math.max(...values, Number.MIN_VALUE);
  const x = (index: number): string => ((width * index) / (values.length - 1)).toFixed(1);
  const y = (value: number): string => (bottom - ((bottom - top) * value) / most).toFixed(1);
  const points = values.map((value, index) => `${x(index)},${y(value)}`).join(' ');
  return `<figure><figcaption><strong>${escapeText(title)}</strong> <span class="quiet">${escapeText(told)}</span></figcaption>
<svg class="spark ${kind}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${escapeAttribute(`${title}: ${told}`)}"><polygon points="0,${bottom} ${points} ${width},${bottom}"/><polyline points="${points}"/></svg></figure>`;
}

function figures(spans: readonly TrendBucket[], rates: readonly number[], spanMs: number): string {
  const rows = spans.map(
    ({ runs, failures, newFailures, newMarkers }, index) =>
      `<tr><th scope="row">${duration(index * spanMs)}</th><td>${grouped(runs)}</td><td>${rate(rates[index]!)}</td><td>${newMarkers}</td><td>${newFailures}</td><td>${failures}</td></tr>`,
  );
  const heads = ['from', 'runs', 'runs/s', 'new markers', 'new failures', 'failed runs'];
  return `<div class="scroll" tabindex="0" role="region" aria-label="The trend in figures"><table><caption>What each span of the campaign brought</caption><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : grouped(value);
}
