/** What `fetch` of Node rejects with: a `TypeError` whose cause says why, with a `code`. */
type FetchFailure = TypeError & { readonly cause: Error & { readonly code: string } };

/** Nobody listens at that address. */
export function connectionRefused(server: string): FetchFailure {
  return failure('fetch failed', 'ECONNREFUSED', `connect ECONNREFUSED ${server}`);
}

/** The connection broke before there was a response: whether the request took effect is unknown. */
export function connectionReset(): FetchFailure {
  return failure('fetch failed', 'UND_ERR_SOCKET', 'other side closed');
}

/** The connection broke within the body of the response. */
export function terminated(): FetchFailure {
  return failure('terminated', 'UND_ERR_SOCKET', 'other side closed');
}

/** No response came: whether the request took effect is unknown. */
export function headersTimeout(): FetchFailure {
  return failure('fetch failed', 'UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error');
}

function failure(message: string, code: string, reason: string): FetchFailure {
  return new TypeError(message, { cause: Object.assign(new Error(reason), { code }) }) as FetchFailure;
}
