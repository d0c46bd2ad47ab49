export { Audits } from './audits.ts';
export { type AskedQuery, type ContributingClaim, decodeAudit, type QueryAudit } from './query-audit.ts';
