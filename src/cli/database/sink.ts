import { fromHex } from '../../crypto/index.ts';
import type { AssertionInput, StemeClient, WriteReceipt } from '../../engine/api/index.ts';
import { assertionToJson, type Receipt, type StemeDB, voteToJson } from '../../engine/index.ts';
import { hostPorts } from '../../host/index.ts';
import type { Ports } from '../../ports/index.ts';
import { withDatabase } from './data-directory.ts';

/** What claims and votes are put into: a database here, or one that is served. */
export interface Sink extends Pick<StemeDB, 'submit' | 'vote'> {
  /** Resolves once what was written before that offset of the log is in the store. */
  settle(endOffset: number): Promise<void>;
  /** How many may be on their way at a time. */
  readonly inFlightMax: number;
}

/** Enough for large groups, and bounded, as a claim is. */
const inFlightMaxHere = 1024;

/** What a key pays for goes by the second: more at a time would only be sent back. */
const inFlightMaxServed = 16;

export async function withLocalSink<T>(
  directory: string,
  body: (sink: Sink, ports: Ports) => Promise<T>,
): Promise<T> {
  return withDatabase(directory, (db, ports) =>
    body(
      {
        submit: (assertion) => db.submit(assertion),
        vote: (vote) => db.vote(vote),
        settle: (endOffset) => db.waitUntilOffset(endOffset),
        inFlightMax: inFlightMaxHere,
      },
      ports,
    ),
  );
}

export async function withServedSink<T>(
  client: StemeClient,
  body: (sink: Sink, ports: Ports) => Promise<T>,
): Promise<T> {
  const sink: Sink = {
    submit: async (assertion) => receiptOf(await client.submit(assertionToJson(assertion) as AssertionInput)),
    vote: async (vote) => receiptOf(await client.vote(voteToJson(vote))),
    // What is durable there is ingested there.
    settle: () => Promise.resolve(),
    inFlightMax: inFlightMaxServed,
  };
  return body(sink, hostPorts());
}

function receiptOf({ hash, offset, endOffset }: WriteReceipt): Receipt {
  return { hash: fromHex(hash) ?? new Uint8Array(0), offset, endOffset };
}
