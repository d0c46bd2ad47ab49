import { crc32c } from '../../crypto/index.ts';
import { hashName } from '../trace/index.ts';
import { terminated } from './errors.ts';

type HeaderList = readonly (readonly [name: string, value: string])[];

/** A request as bytes: what travels. */
export interface RequestMessage {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
  /** `undefined` when there is none, as in a GET. */
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** 32 bits of it, for the digest. */
  readonly fingerprint: number;
}

/** A response as bytes. */
export interface ResponseMessage {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** How many bytes of the body arrive before the connection breaks; `undefined`: all, and it does not. */
  readonly cutAt: number | undefined;
  readonly fingerprint: number;
}

/** Reads all of it. Needs microtasks only, as long as the body was made from something in memory. */
export async function requestMessage(request: Request): Promise<RequestMessage> {
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  const { method, url } = request;
  return {
    method,
    url,
    headers: headersOf(request.headers, body),
    body,
    fingerprint: fingerprintOf(`${method} ${url}`, body),
  };
}

/** What the server sees: every delivery is a request of its own. */
export function toRequest({ method, url, headers, body }: RequestMessage): Request {
  return new Request(url, { method, headers: mutable(headers), ...(body === undefined ? {} : { body }) });
}

/** `POST /v1/assertions`: short, and one of few, whatever else the URL holds. */
export function labelOf({ method, url }: RequestMessage): string {
  return `${method} ${new URL(url).pathname.split('/').slice(0, 3).join('/')}`;
}

export async function responseMessage(response: Response): Promise<ResponseMessage> {
  const body = response.body === null ? undefined : new Uint8Array(await response.arrayBuffer());
  const { status, statusText } = response;
  return {
    status,
    statusText,
    headers: headersOf(response.headers, body),
    body,
    cutAt: undefined,
    fingerprint: fingerprintOf(String(status), body),
  };
}

/** What the client sees. The body of one that was cut short ends in a `TypeError`, as a stream of Node's would. */
export function toResponse({ status, statusText, headers, body, cutAt }: ResponseMessage): Response {
  const content = body === undefined || cutAt === undefined ? body : brokenStream(body.subarray(0, cutAt));
  return new Response(content ?? null, { status, statusText, headers: mutable(headers) });
}

/** The bytes, and then the error: an error raised at once would take them back. */
function brokenStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let given = bytes.length === 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (given) controller.error(terminated());
        else controller.enqueue(bytes.slice());
        given = true;
      },
    },
    { highWaterMark: 0 },
  );
}

/** With the length of the body, as it would stand in what a real client or server sends. */
function headersOf(headers: Headers, body: Uint8Array | undefined): HeaderList {
  const list = [...headers];
  if (body !== undefined && !headers.has('content-length')) {
    list.push(['content-length', String(body.length)]);
  }
  return list;
}

function mutable(headers: HeaderList): [string, string][] {
  return headers.map(([name, value]) => [name, value]);
}

function fingerprintOf(head: string, body: Uint8Array | undefined): number {
  return (hashName(head) ^ (body === undefined ? 0 : crc32c(body))) >>> 0;
}
