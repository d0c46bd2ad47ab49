export { BLAKE3_BYTES, blake3, blake3Prefixed } from './blake3.ts';
export { crc32c } from './crc32c.ts';
export { KEY_BYTES, SIGNATURE_BYTES } from './ed25519/encoding.ts';
export { memoisedSignatures } from './ed25519/memoised-signatures.ts';
export { nobleSignatures } from './ed25519/noble-signatures.ts';
export { nodeSignatures } from './ed25519/node-signatures.ts';
export { fromHex, toHex } from './hex.ts';
