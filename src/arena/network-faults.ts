import type { NetworkEvent } from '../sim/index.ts';

interface NetworkFaultInfo {
  /** In the record of a run. */
  readonly name: string;
  /** In the history, after `agent-1>node-1`; absent where there are too many to tell of. */
  readonly told?: string;
}

/** How what happens to messages is counted and told. */
export const networkFaults: Readonly<Record<NetworkEvent, NetworkFaultInfo>> = {
  delay: { name: 'net-delay' },
  reorder: { name: 'net-reorder' },
  dropRequest: { name: 'net-drop-request', told: 'loses a request' },
  dropResponse: { name: 'net-drop-response', told: 'loses a response' },
  duplicate: { name: 'net-duplicate', told: 'delivers a request twice' },
  partition: { name: 'net-partition', told: 'is cut' },
  partitionLoss: { name: 'net-partition-loss' },
  reset: { name: 'net-reset', told: 'breaks within a response' },
  silence: { name: 'net-silence', told: 'says nothing of the death of the server' },
};
