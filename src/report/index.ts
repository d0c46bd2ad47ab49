export { CampaignTally, type FailureGroup } from './campaign-tally.ts';
export { counterexample } from './counterexample.ts';
export { annotations, jobSummary, type SourceLine } from './github.ts';
export { campaignHtml, html } from './html/index.ts';
export { junit } from './junit.ts';
export { markdown } from './markdown.ts';
export { perfetto } from './perfetto.ts';
export { mutantsHtml } from './mutants-html.ts';
export { mutantLines, mutantsHead, mutantsSummary } from './mutants-text.ts';
export { duration, grouped, hasColours, type Style, styleFor } from './style.ts';
export {
  type Difference,
  differenceBlock,
  divergenceBlock,
  failureBlock,
  type FailureContext,
  repeatsLine,
  runLine,
  summaryBlock,
  traceLines,
} from './terminal.ts';
