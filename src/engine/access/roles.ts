/** What a key is for. A key may have several. */
export const ROLES = ['reader', 'writer', 'auditor', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/**
 * `read`: claims, votes, answers, and the audits of one's own queries. `write`: claims and votes of the agents
 * that the key may speak for. `inspect`: everybody's audits, the quarantine, metrics. `manage`: keys.
 */
export type Permission = 'read' | 'write' | 'inspect' | 'manage';

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  reader: ['read'],
  writer: ['read', 'write'],
  auditor: ['inspect'],
  admin: ['read', 'write', 'inspect', 'manage'],
};

export function isPermitted(roles: readonly Role[], permission: Permission): boolean {
  return roles.some((role) => PERMISSIONS[role].includes(permission));
}
