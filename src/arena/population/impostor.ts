import { ApiError, type StemeClient } from '../../engine/api/index.ts';
import { assertionToJson, voteToJson, assertionHash } from '../../engine/index.ts';
import { Violation } from '../../check/index.ts';
import type { Agent } from '../agent.ts';
import type { ArenaContext } from '../context.ts';
import { requireExcuse, type ServerWatch } from '../server-watch.ts';

/**
 * Comes with a key that is none, or that may speak for others only, and must be turned away. What it tries to
 * write no model knows of: if any of it is ever stored, that is a phantom.
 */
export async function impersonate(
  context: ArenaContext,
  agent: Agent,
  server: { watch(): ServerWatch },
  strangers: readonly { readonly client: StemeClient; readonly status: 401 | 403 }[],
): Promise<void> {
  for (let timestamp = 0; timestamp < 3; timestamp++) {
    if (context.omits(`impostor op-${timestamp}`)) continue;
    const draws = context.workloadPart('impostor', `op-${timestamp}`);
    const { client, status } = strangers[draws.choose(strangers.length)] ?? strangers[0]!;
    const claim = agent.sign({
      subject: 'what an impostor says',
      predicate: 'so',
      object: { type: 'boolean', value: true },
      lifecycle: 'proposed',
      confidence: 1,
      timestamp,
    });
    const vote = agent.vote({ assertionHash: assertionHash(claim), weightMillionths: 1, timestamp });
    const isVote = draws.choose(2) === 1;
    context.history.count('impersonate');
    const whose = status === 401 ? 'nobody has' : 'is for another agent';
    context.record('invoke', 'impostor', `${isVote ? 'votes' : 'claims'} with an API key that ${whose}`);
    const watch = server.watch();
    const outcome = await (
      isVote ? client.vote(voteToJson(vote)) : client.submit(assertionToJson(claim))
    ).then(
      () => 'taken',
      (error: unknown) => error,
    );
    if (outcome instanceof ApiError && outcome.status === status) {
      context.reached('arena.impostor-turned-away');
      context.record('fail', 'impostor', 'is turned away');
    } else if (status === 403 && outcome instanceof ApiError && outcome.status === 429) {
      // A key that is known may be one too many before it is asked for whom it speaks, as when the network doubles a
      // request; a key that nobody has is turned away before anything is counted.
      context.record('fail', 'impostor', 'is told to wait');
    } else if (outcome instanceof ApiError && outcome.status === 503) {
      requireExcuse(watch, isVote ? 'vote' : 'submit', outcome.code);
    } else if (outcome === 'taken' || outcome instanceof ApiError) {
      throw new Violation({
        property: 'impostors-are-turned-away',
        category: 'phantom',
        message: 'Somebody without the right key was not turned away.',
        expected: `status ${status}`,
        actual:
          outcome === 'taken'
            ? 'it was taken'
            : `status ${(outcome as ApiError).status}, ${(outcome as ApiError).code}`,
      });
    }
  }
}
