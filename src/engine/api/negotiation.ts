import { parseAccept } from 'hono/utils/accept';
import { RequestError } from './request-error.ts';

/** Throws `RequestError` when the `Accept` header rules `mediaType` out (RFC 9110, 12.5.1). */
export function requireAcceptable(accept: string | null, mediaType: string): void {
  if (accept === null || accept.trim() === '') return;
  const ranges = new Map(parseAccept(accept).map(({ type, q }) => [type.toLowerCase(), q]));
  const [kind] = mediaType.split('/');
  // The most specific range that fits decides, wherever it stands.
  const quality = ranges.get(mediaType) ?? ranges.get(`${kind}/*`) ?? ranges.get('*/*') ?? 0;
  if (quality > 0) return;
  throw new RequestError('STEME_NOT_ACCEPTABLE', `This answers with ${mediaType} only: accept that.`);
}
