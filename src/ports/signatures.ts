/**
 * Ed25519, deterministic (RFC 8032).
 *
 * Implementations must agree on every input, not only on honest ones. The rule: `signature` is 64
 * bytes and `publicKey` 32; R, A and S are canonically encoded; A is neither of small order nor has a
 * torsion component; and the cofactorless equation `S·B = R + k·A` holds. Anything else is `false`,
 * never an exception.
 */
export interface Signatures {
  /** The 32-byte public key that belongs to a 32-byte secret seed. */
  publicKey(secretKey: Uint8Array): Uint8Array<ArrayBuffer>;

  /** A 64-byte signature; equal inputs give equal bytes. */
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array<ArrayBuffer>;

  /** Whether the rule above holds. Wrong lengths are `false`. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;

  /**
   * The same answer. On a host several of these run beside each other and beside the caller, on other
   * cores; the arrays must not change before it resolves.
   */
  verifyAside(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): Promise<boolean>;
}
