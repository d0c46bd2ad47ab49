import { z } from 'zod';
import { ROLES } from './roles.ts';

/** With the `u` flag a pair is one character, so this matches unpaired halves only. */
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

const integer = (min: number, max: number) => z.int().min(min).max(max);

/** What is said of a key that is to be made; judges what comes from outside, and documents it. */
export const newApiKeySchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .refine((name) => !UNPAIRED_SURROGATE.test(name), { message: 'holds half of a surrogate pair' })
    .describe('For people.'),
  roles: z
    .array(z.enum(ROLES))
    .min(1)
    .max(ROLES.length)
    .describe(
      'reader asks; writer also claims and votes; auditor sees all audits; admin does all of it and keys.',
    ),
  agents: z
    .union([z.literal('any'), z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(1000)])
    .default([])
    .describe('Agents that the key may speak for: their public keys in lower-case hex.'),
  quotaPerHour: integer(1, Number.MAX_SAFE_INTEGER)
    .default(1_000_000)
    .describe(
      'Costs in each hour of the wall clock. A claim costs 10, a query 5, all else 1, each KiB of a body 1.',
    ),
  bucket: z
    .strictObject({
      capacity: integer(1, 1_000_000_000).describe('Costs that may come all at once.'),
      refillPerSecond: z.number().min(0.001).max(1_000_000_000),
    })
    .default({ capacity: 2000, refillPerSecond: 1000 }),
});

/** Of a key that is to be made. What is left out has a default. */
export type NewApiKey = z.input<typeof newApiKeySchema>;
