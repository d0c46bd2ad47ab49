export { mutantsHtml } from './mutants-html.ts';
export { mutantLines, mutantsHead, mutantsSummary } from './mutants-text.ts';
export { duration, grouped, type Style, styleFor } from './style.ts';
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
