import type { KeyValueStore } from '../kv/index.ts';

/** What keys and quotas need of a store. */
export type AccessStore = Omit<KeyValueStore, 'snapshot'>;
