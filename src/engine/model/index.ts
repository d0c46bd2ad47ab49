export {
  assertionHash,
  decodeAssertion,
  encodeAssertion,
  validateAssertion,
  validateContent,
} from './assertion-codec.ts';
export {
  assertionFromJson,
  type AssertionJson,
  assertionToJson,
  contentFromJson,
  type ContentJson,
  contentToJson,
  type ObjectJson,
} from './assertion-json.ts';
export {
  DECODE_CODES,
  type DecodeCode,
  MODEL_CODES,
  VALIDATION_CODES,
  type ValidationCode,
  VERIFICATION_CODES,
  type VerificationCode,
} from './codes.ts';
export { DecodeError, SignatureError, ValidationError } from './errors.ts';
export {
  agentAuditKey,
  agentAuditPrefix,
  apiKeyKey,
  apiKeyPrefix,
  assertionKey,
  auditKey,
  cursorKey,
  dirtyKey,
  dirtyPrefix,
  hashOfSubjectKey,
  hashOfSubjectPredicateKey,
  quarantineKey,
  quarantinePrefix,
  quotaKey,
  quotaPrefix,
  subjectKey,
  subjectPredicateKey,
  subjectPredicatePrefix,
  subjectPrefix,
  viewKey,
  viewPrefix,
  voteCountKey,
  voteKey,
  votePrefix,
  voteWeightKey,
} from './keys.ts';
export {
  MILLIONTHS,
  NAME_BYTES_MAX,
  RECORD_BYTES_MAX,
  SIGNATURES_MAX,
  TEXT_BYTES_MAX,
  WEIGHT_MILLIONTHS_MAX,
} from './limits.ts';
export { parseKey, type ParsedKey } from './parse-key.ts';
export { decodeRecord, haveSameContent, type ModelRecord } from './record.ts';
export {
  signAssertion,
  signingMessage,
  signVote,
  type Signable,
  type Verification,
  verifyAssertion,
  verifyAssertionAside,
  verifyVote,
  verifyVoteAside,
} from './signing.ts';
export {
  type AgentId,
  type AgentSignature,
  type Assertion,
  type AssertionContent,
  type Hash,
  type Lifecycle,
  LIFECYCLES,
  type ObjectValue,
  type Vote,
  type VoteContent,
} from './types.ts';
export { type IdentityOf, wholeHash } from './identity.ts';
export { decodeVote, encodeVote, validateVote, validateVoteContent, voteHash } from './vote-codec.ts';
export {
  voteContentFromJson,
  type VoteContentJson,
  voteFromJson,
  type VoteJson,
  voteToJson,
} from './vote-json.ts';
export { weightFromMillionths, weightToMillionths } from './weight.ts';
