import { RequestError } from './request-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Throws `RequestError` unless the body is said to be plain JSON. */
export function requireJson(headers: Headers): void {
  const encoding = headers.get('content-encoding') ?? 'identity';
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json' && encoding.toLowerCase() === 'identity') return;
  throw new RequestError(
    'STEME_MEDIA_TYPE',
    'Send the body as Content-Type: application/json, and do not compress it.',
    {
      headers: { Accept: 'application/json' },
    },
  );
}

/** The whole body, of which never more than `bytesMax` and one chunk are held. Throws `RequestError`. */
export async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const chunk = await reader?.read().catch((error: unknown) => {
      throw new RequestError(
        'STEME_BODY_INTERRUPTED',
        `The body broke off: ${String(error)}. Send it again.`,
      );
    });
    if (chunk?.value === undefined) break;
    length += chunk.value.length;
    if (length > bytesMax) {
      // Whoever sends it need not hear of a failure to stop him.
      reader?.cancel().catch(() => undefined);
      throw tooLarge(bytesMax);
    }
    chunks.push(chunk.value);
  }
  return joined(chunks, length);
}

/** The value in a body. Throws `RequestError`. */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new RequestError('STEME_BODY_NOT_UTF8', 'The body is not UTF-8: encode it so and send it again.');
  }
  try {
    return JSON.parse(text);
  } catch {
    // What `JSON.parse` says of it is said otherwise by each release of Node: no part of an interface.
    throw new RequestError(
      'STEME_BODY_NOT_JSON',
      'The body is no JSON, as RFC 8259 has it: look for an end that is missing, quotes, and a comma too many.',
    );
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLarge(bytesMax: number): RequestError {
  return new RequestError(
    'STEME_BODY_TOO_LARGE',
    `The body has more than ${bytesMax} bytes; send less at a time.`,
  );
}
