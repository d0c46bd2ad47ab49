import { nodeSignatures } from '../src/crypto/index.ts';
import type { KeyValueReader } from '../src/engine/kv/index.ts';
import { lenses } from '../src/engine/lens/index.ts';
import {
  type Assertion,
  type AssertionContent,
  encodeAssertion,
  signAssertion,
  subjectPredicateKey,
} from '../src/engine/model/index.ts';
import { QueryTooLargeError, resolve } from '../src/engine/resolve/index.ts';
import { checkTargets } from './measure.ts';

/**
 * A subject with a million assertions, as a store would hand them out one by one: what a question about it
 * takes, and how much memory. Every assertion claims another value, which is the worst for a lens.
 */
const assertions = 1_000_000;
const memoryBytesMax = 32 * 2 ** 20;
const [subject, predicate] = ['Tesla', 'revenue'];
const mebibyte = 2 ** 20;

const targets = [];
for (const lens of lenses.values()) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let peak = 0;
  const store = storeOf(() => {
    peak = Math.max(peak, process.memoryUsage().heapUsed - before);
  });
  const begun = performance.now();
  let outcome: string;
  try {
    const [resolution] = await resolve(store, { subject, predicate }, [lens], {
      rankedMax: 10,
      memoryBytesMax,
    });
    outcome = `resolved, ${resolution?.candidatesCount} candidates`;
  } catch (error) {
    if (!(error instanceof QueryTooLargeError)) throw error;
    outcome = 'refused: too many values for what a lens may hold';
  }
  const seconds = (performance.now() - begun) / 1000;
  process.stdout.write(
    `${lens.name.padEnd(22)} ${seconds.toFixed(1).padStart(5)} s  ${(peak / mebibyte).toFixed(0).padStart(4)} MiB of heap at most  ${outcome}\n`,
  );
  targets.push({
    claim: `MiB of heap that lens ${lens.name} adds, garbage not yet collected included`,
    measured: peak / mebibyte,
    must: 'at most' as const,
    bound: 256,
  });
}
process.stdout.write(`\n${checkTargets(targets)}\n`);

/** Entries are made as they are asked for; `look` is called now and then. */
function storeOf(look: () => void): KeyValueReader {
  const key = subjectPredicateKey(subject, predicate, new Uint8Array(32));
  const template = signed();
  let current = template;
  return {
    get: async (wanted) => (wanted[0] === 0x48 && wanted[1] === 0 ? encodeAssertion(current) : undefined),
    async *scan() {
      for (let nth = 0; nth < assertions; nth++) {
        if (nth % 4096 === 0) look();
        new DataView(key.buffer).setUint32(key.length - 32, nth);
        current = { ...template, timestamp: nth, object: { type: 'number', value: nth } };
        yield { key: key.slice(), value: new Uint8Array(0) };
      }
    },
  };
}

/** Signed once: reading verifies nothing. */
function signed(): Assertion {
  const content: AssertionContent = {
    subject,
    predicate,
    object: { type: 'number', value: 0 },
    lifecycle: 'proposed',
    confidence: 1,
    timestamp: 0,
  };
  return signAssertion(content, [new Uint8Array(32).fill(1)], nodeSignatures);
}
