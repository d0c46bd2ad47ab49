import { Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import type { SignatureVector } from '../../ports/signatures-vectors.test-support.ts';
import { fromHex, toHex } from '../hex.ts';

/*
 * Builds the table in src/ports/signatures-vectors.test-support.ts: signatures that satisfy an equation
 * which some verifier checks, and most of which ours must refuse all the same. The conditions are those of
 * Chalkias, Garillot and Nikolaenko, "Taming the many EdDSAs" (SSR 2020), and of de Valence, "It's
 * 255:19AM. Do you know what your validation criteria are?" (2020); the values are our own.
 *
 * Notation: B base point, L its order, a and r our scalars, A the key (aB when honest), R the commitment
 * (rB when honest), S the response, k the challenge SHA-512(R, A, message) modulo L, T of order eight.
 */

const L = Point.CURVE().n;
const B = Point.BASE;
const ZERO = Point.ZERO;

const a = 0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdn;
const r = 0x0edcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210n;
const A = B.multiply(a);
const R = B.multiply(r);

/** Multiples 0 to 7 of a point of order eight. */
const SMALL_ORDER = smallOrderPoints();
const T = SMALL_ORDER[1]!;

/** All that y >= p, or a sign on x = 0, adds to the eight canonical encodings. */
const NON_CANONICAL: readonly (readonly [why: string, encoding: Uint8Array])[] = [
  ['y = 0 written as p', bytesOf(`ed${'ff'.repeat(30)}7f`)],
  ['y = 0 written as p, x negative', bytesOf(`ed${'ff'.repeat(31)}`)],
  ['y = 1 written as p + 1', bytesOf(`ee${'ff'.repeat(30)}7f`)],
  ['y = 1 written as p + 1, x = -0', bytesOf(`ee${'ff'.repeat(31)}`)],
  ['y = 1, x = -0', bytesOf(`01${'00'.repeat(30)}80`)],
  ['y = -1, x = -0', bytesOf(`ec${'ff'.repeat(31)}`)],
];

/** S for the challenge k, or `undefined` when another message has to be tried. */
type Response = (k: bigint) => bigint | undefined;

const honestly = (k: bigint): bigint => (r + k * a) % L;
const withoutR = (k: bigint): bigint => (k * a) % L;

/** Only with a challenge that is one of `residues` modulo eight. */
const ifResidue =
  (residues: readonly number[], response: Response): Response =>
  (k) =>
    residues.includes(Number(k % 8n)) ? response(k) : undefined;

export function buildEdgeVectors(): readonly SignatureVector[] {
  return [
    ...accepted(),
    ...smallOrderKeys(),
    ...nonCanonicalKeys(),
    ...smallOrderCommitments(),
    ...nonCanonicalCommitments(),
    ...mixedOrder(),
    ...scalars(),
    ...shapes(),
  ];
}

function accepted(): SignatureVector[] {
  return [
    { ...refused('an honest signature', A, R, honestly), valid: true },
    { ...refused('R the neutral element, canonically encoded', A, ZERO, withoutR), valid: true },
  ];
}

function smallOrderKeys(): SignatureVector[] {
  const vectors = SMALL_ORDER.flatMap((key, multiple) => [
    refused(`A of small order, ${multiple}T; R too`, key, key.negate(), (k) =>
      times(key, k).equals(key) ? 0n : undefined,
    ),
    refused(`A of small order, ${multiple}T; R of prime order`, key, R, (k) =>
      times(key, k).is0() ? r : undefined,
    ),
  ]);
  const mixed = refused(
    'A of small order; R of mixed order',
    T,
    R.add(T),
    ifResidue([7], () => r),
  );
  return [...vectors, mixed];
}

function nonCanonicalKeys(): SignatureVector[] {
  return NON_CANONICAL.flatMap(([why, encoding]) => {
    const point = Point.fromBytes(encoding, true);
    const cancels: Response = (k) => (times(point, k).is0() ? 0n : undefined);
    return [
      refused(`A not canonical: ${why}`, encoding, ZERO, cancels),
      refused(`A not canonical, k from its canonical bytes: ${why}`, encoding, ZERO, cancels, [point, ZERO]),
    ];
  });
}

/** With S = ka the cofactored equation holds; the cofactorless one for the neutral element only. */
function smallOrderCommitments(): SignatureVector[] {
  return SMALL_ORDER.slice(1).map((point, index) =>
    refused(`R of small order, ${index + 1}T`, A, point, withoutR),
  );
}

function nonCanonicalCommitments(): SignatureVector[] {
  return NON_CANONICAL.flatMap(([why, encoding]) => {
    const point = Point.fromBytes(encoding, true);
    return [
      refused(`R not canonical: ${why}`, A, encoding, withoutR),
      refused(`R not canonical, k from its canonical bytes: ${why}`, A, encoding, withoutR, [A, point]),
    ];
  });
}

function mixedOrder(): SignatureVector[] {
  const [mixedA, mixedR] = [A.add(T), R.add(T)];
  return [
    refused('A mixed; cofactorless holds', mixedA, R, ifResidue([0], honestly)),
    refused('A mixed; only cofactored holds', mixedA, R, ifResidue([1, 2, 3, 4, 5, 6, 7], honestly)),
    refused('A and R mixed; cofactorless holds', mixedA, mixedR, ifResidue([7], honestly)),
    refused('A and R mixed; only cofactored', mixedA, mixedR, ifResidue([0, 1, 2, 3, 4, 5, 6], honestly)),
    refused('A and R mixed; cofactored fails if 8k is reduced before it multiplies A', mixedA, mixedR, (k) =>
      ((8n * k) % L) % 8n === 0n ? undefined : honestly(k),
    ),
    refused('A mixed, R of small order; cofactorless holds', mixedA, T, ifResidue([7], withoutR)),
    refused('R mixed; only cofactored holds', A, mixedR, honestly),
  ];
}

function scalars(): SignatureVector[] {
  return [
    refused('S + L', A, R, (k) => honestly(k) + L),
    refused('S + 7L, which leaves the top bit clear', A, R, (k) => honestly(k) + 7n * L),
    refused('S + 15L, which does not', A, R, (k) => honestly(k) + 15n * L),
    refused('S = L where A and R are the neutral element', ZERO, ZERO, () => L),
    refused('S = 0 where it is not the answer', A, R, () => 0n),
    refused('S all ones', A, R, () => 2n ** 256n - 1n),
  ];
}

/** Wrong lengths, and bytes that are no point. */
function shapes(): SignatureVector[] {
  const honest = refused('', A, R, honestly);
  const { signature, publicKey } = honest;
  const noPoint = bytesOf(`02${'00'.repeat(31)}`);
  const zeros = '00'.repeat(32);
  return [
    { ...honest, claim: 'a signature of 63 bytes', signature: signature.slice(0, -2) },
    { ...honest, claim: 'a signature of 65 bytes', signature: `${signature}00` },
    { ...honest, claim: 'no signature', signature: '' },
    { ...honest, claim: 'a signature of zeros', signature: zeros + zeros },
    { ...honest, claim: 'a key of 31 bytes', publicKey: publicKey.slice(0, -2) },
    { ...honest, claim: 'a key of 33 bytes', publicKey: `${publicKey}00` },
    { ...honest, claim: 'no key', publicKey: '' },
    { ...honest, claim: 'a key of zeros', publicKey: zeros },
    { ...honest, claim: 'a key of ones', publicKey: 'ff'.repeat(32) },
    { ...honest, claim: 'zeros all over', publicKey: zeros, signature: zeros + zeros },
    refused('A no point of the curve', noPoint, R, honestly),
    refused('R no point of the curve', A, noPoint, honestly),
  ];
}

/**
 * Tries one message of one byte after the other until its challenge is to the liking of `response`. The
 * challenge is over the bytes as given, or over those of `hashed` for a verifier that decodes first.
 */
function refused(
  claim: string,
  key: Point | Uint8Array,
  commitment: Point | Uint8Array,
  response: Response,
  hashed: readonly [key: Point | Uint8Array, commitment: Point | Uint8Array] = [key, commitment],
): SignatureVector {
  for (let attempt = 0; attempt < 256; attempt += 1) {
    const message = Uint8Array.of(attempt);
    const S = response(challenge(hashed[1], hashed[0], message));
    if (S === undefined) continue;
    const signature = toHex(encode(commitment)) + toHex(littleEndian(S));
    return { claim, valid: false, publicKey: toHex(encode(key)), message: toHex(message), signature };
  }
  throw new Error(`no message of one byte makes this vector: ${claim}`);
}

function challenge(commitment: Point | Uint8Array, key: Point | Uint8Array, message: Uint8Array): bigint {
  const digest = sha512(Uint8Array.of(...encode(commitment), ...encode(key), ...message));
  return BigInt(`0x${toHex(digest.toReversed())}`) % L;
}

function encode(point: Point | Uint8Array): Uint8Array {
  return point instanceof Point ? point.toBytes() : point;
}

/** `k` times a point of small order. */
function times(point: Point, k: bigint): Point {
  return point.multiplyUnsafe(k % 8n);
}

function littleEndian(value: bigint): Uint8Array {
  return bytesOf(value.toString(16).padStart(64, '0')).toReversed();
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes === undefined) throw new Error(`not hex: ${hex}`);
  return bytes;
}

function smallOrderPoints(): readonly Point[] {
  // L times any point has lost its large component; the first y that leaves order eight will do.
  for (let y = 2; y < 256; y += 1) {
    const generator = smallOrderComponent(bytesOf(`${toHex(Uint8Array.of(y))}${'00'.repeat(31)}`));
    if (generator === undefined || generator.double().double().is0()) continue;
    const points = [ZERO];
    while (points.length < 8) points.push(points.at(-1)!.add(generator));
    return points;
  }
  throw new Error('no small y gives a point of order eight');
}

function smallOrderComponent(encoded: Uint8Array): Point | undefined {
  try {
    const point = Point.fromBytes(encoded);
    return point.multiplyUnsafe(L - 1n).add(point);
  } catch {
    return undefined; // No point of the curve has this y.
  }
}
