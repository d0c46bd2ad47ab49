export { DirectoryLock, DirectoryLockedError, DirectoryLockError } from './directory-lock.ts';
export { hostPorts, type HostPortsOptions } from './host-ports.ts';
export { HostTelemetry } from './host-telemetry.ts';
export { readOrCreateSecretKey, SecretKeyFileError } from './secret-key-file.ts';
