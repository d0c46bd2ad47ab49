import { assertionFromJson, voteFromJson } from '../../model/index.ts';
import { toHex } from '../../../crypto/index.ts';
import type { Receipt } from '../../stemedb.ts';
import { receiptToJson } from '../json.ts';
import { operations } from '../operations.ts';
import type { DurableWrite } from '../progress.ts';
import type { Exchange, Reply, Route, RouteContext } from '../route.ts';

/** Claims and votes. */
export function writingRoutes({ database, access }: RouteContext): readonly Route[] {
  return [
    {
      operation: operations.submitAssertion,
      judge: (exchange) => {
        const isWaiting = readWait(exchange);
        const assertion = assertionFromJson(exchange.body);
        const signers = assertion.signatures.map(({ agentId }) => agentId);
        access.requireAgents(exchange.key, signers);
        const write = () => database.submit(assertion);
        return () => written(exchange, isWaiting, write, ({ hash }) => `/v1/assertions/${toHex(hash)}`);
      },
    },
    {
      operation: operations.castVote,
      judge: (exchange) => {
        const isWaiting = readWait(exchange);
        const vote = voteFromJson(exchange.body);
        access.requireAgents(exchange.key, [vote.agentId]);
        const location = `/v1/votes/${toHex(vote.assertionHash)}`;
        return () =>
          written(
            exchange,
            isWaiting,
            () => database.vote(vote),
            () => location,
          );
      },
    },
  ];

  async function written(
    { progress }: Exchange,
    isWaiting: boolean,
    write: () => Promise<Receipt>,
    locationOf: (receipt: Receipt) => string,
  ): Promise<Reply> {
    progress.beginWriting();
    const receipt = await write();
    const durable = { receipt, location: locationOf(receipt) };
    progress.endWriting(durable);
    if (isWaiting) await database.waitUntilOffset(receipt.endOffset);
    return durableReply(201, durable);
  }
}

/** What is durable is acknowledged, whatever happened afterwards: 202 when it cannot be read yet. */
export function durableReply(status: 201 | 202, { receipt, location }: DurableWrite): Reply {
  return { status, json: receiptToJson(receipt), headers: { Location: location } };
}

function readWait({ parameters }: Exchange): boolean {
  return parameters.choice('wait', ['ingested']) !== undefined;
}
