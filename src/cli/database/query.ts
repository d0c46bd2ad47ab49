import type { Lifecycle } from '../../engine/index.ts';
import { durationMs, UsageError } from '../usage-error.ts';
import { answerLines, claimLines } from './answer-text.ts';
import type { QueryArguments } from './commands.ts';
import { Output } from './output.ts';
import { type Filter, type Questions, withQuestions } from './questions.ts';
import { placeOf } from './remote.ts';
import { tell } from './text.ts';

const exitCodes = { found: 0, none: 1 } as const;

/** Resolves what is claimed, or lists it when no predicate is given. Returns the exit code. */
export async function query(args: QueryArguments): Promise<number> {
  const place = placeOf(args);
  const filter = filterOf(args);
  const ask = args.predicate === undefined ? listing(args, filter) : answer(args, filter, args.predicate);
  const output = new Output(process.stdout);
  const text = await withQuestions(place, ask);
  if (text === undefined) {
    tell('no claim about that');
    return exitCodes.none;
  }
  await output.write(text);
  if (output.failure !== undefined) throw output.failure;
  return exitCodes.found;
}

/** What to say; `undefined` when there is nothing. */
type Ask = (questions: Questions) => Promise<string | undefined>;

function answer({ lens, json, ...args }: QueryArguments, filter: Filter, predicate: string): Ask {
  if (args.limit !== undefined || args.after !== undefined) {
    throw new UsageError('--limit and --after go with a list of claims, which has no --predicate.');
  }
  // Who has just voted wants to see it.
  const maxStale = durationMs('max-stale', args['max-stale'] ?? '0s');
  return async (questions) => {
    const found = await questions.query({ ...filter, maxStale, predicate, lens: lens ?? 'consensus' });
    if (found.resolution.candidatesCount === 0) return undefined;
    if (json) return `${JSON.stringify(found)}\n`;
    const objects = new Map(
      await Promise.all(
        found.resolution.ranked.map(
          async ({ hash }) => [hash, (await questions.claim(hash))?.object] as const,
        ),
      ),
    );
    return `${answerLines({ ...filter, predicate }, found, objects).join('\n')}\n`;
  };
}

const limitDefault = 100;

function listing({ json, lens, limit = limitDefault, after, ...args }: QueryArguments, filter: Filter): Ask {
  if (lens !== undefined || args['max-stale'] !== undefined) {
    throw new UsageError('--lens and --max-stale resolve one --predicate of the subject: say which.');
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new UsageError(`--limit takes a whole number from 1 to 1000, not "${limit}".`);
  }
  return async (questions) => {
    const page = { limit, ...(after !== undefined && { after }) };
    const { items, next } = await questions.list(filter, page);
    if (next !== undefined) tell(`there are more: go on with --after ${next}`);
    if (items.length === 0) return undefined;
    return (json ? items.map((item) => JSON.stringify(item)) : claimLines(items))
      .map((line) => `${line}\n`)
      .join('');
  };
}

function filterOf(args: QueryArguments): Filter {
  const { subject, predicate, lifecycle } = args;
  const asOf = args['as-of'];
  return {
    subject,
    ...(predicate !== undefined && { predicate }),
    ...(lifecycle !== undefined && { lifecycle: lifecycle as Lifecycle }),
    ...(asOf !== undefined && { asOf: momentOf(asOf) }),
  };
}

/** Milliseconds since 1970, or a date as ISO 8601 writes it. */
function momentOf(text: string): number {
  const moment = /^\d{1,16}$/.test(text) ? Number(text) : isDate(text) ? Date.parse(text) : NaN;
  if (Number.isSafeInteger(moment) && moment >= 0) return moment;
  throw new UsageError(
    `--as-of takes milliseconds since 1970, or a date such as 2026-01-31T12:00:00Z, not "${text}".`,
  );
}

/** Only what every machine reads the same: no local time. */
function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/.test(text);
}
