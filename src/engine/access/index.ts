export { Access, type IssuedApiKey } from './access.ts';
export type { AccessStore } from './access-store.ts';
export { type ApiKey, type BucketRate, maySpeakFor } from './api-key.ts';
export { decodeApiKey } from './api-key-codec.ts';
export { ApiKeyInvalidError, ForbiddenError, ThrottledError, UnauthenticatedError } from './errors.ts';
export { type NewApiKey, newApiKeySchema } from './new-api-key.ts';
export { isPermitted, type Permission, type Role, ROLES } from './roles.ts';
