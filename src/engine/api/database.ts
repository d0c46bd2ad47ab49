import type { QueryAudit } from '../audit/index.ts';
import type { IngestStatus, QuarantinedRecord } from '../ingest/index.ts';
import type { VoteTally } from '../lens/index.ts';
import type { Assertion, Hash, Vote } from '../model/index.ts';
import type { Answer, ClaimFilter, ListedClaim, Page, PageOptions, Query } from '../query/types.ts';
import type { Receipt } from '../stemedb.ts';

/** What the API needs of a database; `StemeDB` is one. */
export interface ServedDatabase {
  submit(assertion: Assertion): Promise<Receipt>;
  vote(vote: Vote): Promise<Receipt>;
  get(hash: Hash): Promise<Assertion | undefined>;
  tally(hash: Hash): Promise<VoteTally>;
  query(query: Query): Promise<Answer>;
  list(filter: ClaimFilter, page?: PageOptions): Promise<Page<ListedClaim>>;
  audit(queryId: string): Promise<QueryAudit | undefined>;
  quarantined(page?: PageOptions): Promise<Page<QuarantinedRecord>>;
  waitUntilOffset(offset: number): Promise<void>;
  readonly durableOffset: number;
  readonly ingestStatus: IngestStatus;
}
