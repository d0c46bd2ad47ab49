import { z } from '@hono/zod-openapi';
import { newApiKeySchema, ROLES } from '../access/index.ts';
import {
  LIFECYCLES,
  NAME_BYTES_MAX,
  SIGNATURES_MAX,
  TEXT_BYTES_MAX,
  WEIGHT_MILLIONTHS_MAX,
} from '../model/index.ts';

/*
 * What goes over the wire. Of what comes in, these say what can be said in JSON Schema; the model judges it,
 * and knows more: lengths in bytes, signatures, decimals.
 */

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

const integer = () => z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const millis = (what: string) => integer().describe(`${what}, in milliseconds since 1970.`);

const share = (what: string) => z.number().min(0).max(1).describe(what);

export const hashSchema = hex(32).openapi('Hash', { description: 'BLAKE3, in lower-case hex.' });

export const agentIdSchema = hex(32).openapi('AgentId', {
  description: 'The Ed25519 public key of an agent, in lower-case hex.',
});

const signatureSchema = hex(64).openapi('Signature', { description: 'Ed25519, in lower-case hex.' });

export const lifecycleSchema = z.enum(LIFECYCLES).openapi('Lifecycle');

export const nameSchema = z
  .string()
  .min(1)
  .max(NAME_BYTES_MAX)
  .describe(`Any Unicode, at most ${NAME_BYTES_MAX} bytes as UTF-8, no half of a surrogate pair.`);

const textSchema = z.string().max(TEXT_BYTES_MAX).describe(`At most ${TEXT_BYTES_MAX} bytes as UTF-8.`);

const taggedObjects = [
  z.strictObject({ text: textSchema }),
  z.strictObject({ number: z.number() }),
  z.strictObject({ boolean: z.boolean() }),
  z.strictObject({ reference: nameSchema }),
] as const;

const objectSchema = z
  .union(taggedObjects)
  .openapi('ObjectValue', { description: 'One field, whose name is the type. A reference names a subject.' });

const objectOrShortSchema = z
  .union([...taggedObjects, textSchema, z.number(), z.boolean()])
  .openapi('ObjectInput', {
    description: 'A bare string, number or boolean is short for text, number and boolean.',
  });

const contentShape = {
  subject: nameSchema,
  predicate: nameSchema,
  parentHash: hashSchema.optional().openapi({ description: 'Of the assertion that this one follows.' }),
  sourceHash: hashSchema
    .optional()
    .openapi({ description: 'Of a document outside that supports the claim.' }),
  epoch: integer().optional(),
  confidence: share('How sure the agents are.'),
  timestamp: millis('When, as the agents say'),
};

const signaturesSchema = z
  .array(z.strictObject({ agentId: agentIdSchema, signature: signatureSchema }))
  .min(1)
  .max(SIGNATURES_MAX);

export const assertionInputSchema = z
  .strictObject({
    ...contentShape,
    object: objectOrShortSchema,
    lifecycle: lifecycleSchema.optional().openapi({ description: 'proposed when it is left out.' }),
    signatures: signaturesSchema,
  })
  .openapi('AssertionInput');

export const assertionSchema = z
  .strictObject({
    ...contentShape,
    object: objectSchema,
    lifecycle: lifecycleSchema,
    signatures: signaturesSchema,
  })
  .openapi('Assertion');

export const voteInputSchema = z
  .strictObject({
    assertionHash: hashSchema,
    agentId: agentIdSchema,
    weight: z
      .number()
      .min(0)
      .max(WEIGHT_MILLIONTHS_MAX / 1e6)
      .describe('With at most six decimals.'),
    timestamp: millis('When, as the agent says'),
    signature: signatureSchema,
  })
  .openapi('VoteInput');

export const receiptSchema = z
  .strictObject({
    hash: hashSchema,
    offset: integer().describe('Where it is in the log.'),
    endOffset: integer().describe('Once ingest has come to this, it can be read.'),
  })
  .openapi('Receipt');

/** Sums of weights do not fit a double. */
const weightSchema = z
  .string()
  .regex(/^(0|[1-9][0-9]*)(\.[0-9]{0,5}[1-9])?$/)
  .openapi('Weight', { description: 'An exact decimal with at most six places.', example: '12.5' });

const tallyShape = {
  count: integer().describe('Votes.'),
  weight: weightSchema,
};

export const tallySchema = z.strictObject({ assertionHash: hashSchema, ...tallyShape }).openapi('VoteTally');

const listedClaimSchema = z
  .strictObject({ hash: hashSchema, assertion: assertionSchema, votes: z.strictObject(tallyShape) })
  .openapi('ListedClaim');

const rankedSchema = z.strictObject({
  hash: hashSchema,
  lifecycle: lifecycleSchema,
  timestamp: integer(),
  weight: weightSchema,
  supporters: integer().describe('Assertions that are ranked as one.'),
  share: share('What it is a share of is the affair of the lens.'),
});

const resolutionSchema = z
  .strictObject({
    winner: hashSchema.optional(),
    candidatesCount: integer(),
    resolutionConfidence: share('How sure the lens is; 0 when there are no candidates.'),
    conflictScore: share('From 0, nobody disagrees, to 1.'),
    agreement: z.enum(['none', 'unanimous', 'agreed', 'contested']),
    ranked: z.array(rankedSchema).describe('The best first.'),
  })
  .openapi('Resolution');

export const answerSchema = z
  .strictObject({
    queryId: z.string().describe('Of the audit record.'),
    lens: z.string(),
    resolution: resolutionSchema,
    winner: assertionSchema.optional(),
    throughOffset: integer().describe('Everything in the log before this is taken into account.'),
    view: z
      .strictObject({ materializedAt: millis('Wall clock of the server') })
      .optional()
      .openapi({ description: 'There when a view answered.' }),
    audited: z.boolean().describe('false when the store takes no writes.'),
  })
  .openapi('Answer');

export const auditSchema = z
  .strictObject({
    queryId: z.string(),
    agentId: agentIdSchema.optional(),
    timestamp: millis('Wall clock of the server'),
    query: z.strictObject({
      subject: nameSchema,
      predicate: nameSchema,
      lens: z.string(),
      lifecycle: lifecycleSchema.optional(),
      asOf: integer().optional(),
      maxStale: integer().optional(),
    }),
    resultHash: hashSchema.optional(),
    resultConfidence: share('Of the resolution.'),
    candidatesCount: integer(),
    contributing: z.array(
      z.strictObject({ hash: hashSchema, weight: weightSchema, lifecycle: lifecycleSchema }),
    ),
  })
  .openapi('QueryAudit');

const quarantinedSchema = z
  .strictObject({
    offset: integer().describe('Where it is in the log.'),
    code: z.string().describe('Why it could not be ingested.'),
    body: z.string().describe('The record as it is in the log, in lower-case hex.'),
  })
  .openapi('QuarantinedRecord');

export const apiKeyInputSchema = newApiKeySchema.clone().openapi('NewApiKey');

export const apiKeySchema = z
  .strictObject({
    id: hex(8).describe('Public: names the key where it is listed and revoked.'),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
    agents: z.union([z.literal('any'), z.array(agentIdSchema)]),
    quotaPerHour: integer(),
    bucket: z.strictObject({ capacity: integer(), refillPerSecond: z.number() }),
    createdAt: millis('Wall clock of the server'),
    revokedAt: millis('Wall clock of the server').optional(),
  })
  .openapi('ApiKey');

export const issuedKeySchema = z
  .strictObject({
    key: z
      .string()
      .regex(/^steme_[0-9a-f]{64}$/)
      .describe('The key. It is shown only here and only once.'),
    record: apiKeySchema,
  })
  .openapi('IssuedApiKey');

const nextSchema = z.string().optional().openapi({
  description: 'Give it back as "after" for the next page; absent on the last one.',
});

export const claimPageSchema = z
  .strictObject({ items: z.array(listedClaimSchema), next: nextSchema })
  .openapi('ClaimPage');

export const quarantinePageSchema = z
  .strictObject({ items: z.array(quarantinedSchema), next: nextSchema })
  .openapi('QuarantinePage');

export const keyPageSchema = z
  .strictObject({ items: z.array(apiKeySchema), next: nextSchema })
  .openapi('ApiKeyPage');

export const healthSchema = z
  .strictObject({
    status: z.literal('ready'),
    durableOffset: integer().describe('Through which offset the log is durable.'),
    ingestedOffset: integer().describe('Through which offset the log can be read.'),
  })
  .openapi('Health');

export const problemSchema = z
  .strictObject({
    type: z.string().describe('urn:stemedb:error: and the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('For people; says what to do next.'),
    code: z
      .string()
      .regex(/^STEME_[A-Z0-9_]+$/)
      .describe('For programs; never changes its meaning.'),
    indeterminate: z
      .literal(true)
      .optional()
      .openapi({ description: 'There when a write may have taken effect. To send it again is safe.' }),
    errors: z.array(z.strictObject({ field: z.string(), code: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem', { description: 'RFC 9457.' });

export type AssertionInput = z.input<typeof assertionInputSchema>;
export type VoteInput = z.input<typeof voteInputSchema>;
export type ReceiptJson = z.output<typeof receiptSchema>;
export type TallyJson = z.output<typeof tallySchema>;
export type AssertionOutput = z.output<typeof assertionSchema>;
export type ListedClaimJson = z.output<typeof listedClaimSchema>;
export type ResolutionJson = z.output<typeof resolutionSchema>;
export type ClaimPageJson = z.output<typeof claimPageSchema>;
export type AnswerJson = z.output<typeof answerSchema>;
export type AuditJson = z.output<typeof auditSchema>;
export type QuarantinedJson = z.output<typeof quarantinedSchema>;
export type QuarantinePageJson = z.output<typeof quarantinePageSchema>;
export type ApiKeyJson = z.output<typeof apiKeySchema>;
export type KeyPageJson = z.output<typeof keyPageSchema>;
export type IssuedKeyJson = z.output<typeof issuedKeySchema>;
export type HealthJson = z.output<typeof healthSchema>;
export type ProblemJson = z.output<typeof problemSchema>;
