/** The headers that tell where a request that changes something comes from. */
export interface RequestOrigin {
  readonly csrfHeader: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

/**
 * Whether a request that changes something comes from our own pages. The custom header alone
 * stops forms; the origin stops whatever CORS mistake might some day let the header through.
 * Clients that are no browsers send neither `Sec-Fetch-Site` nor `Origin`.
 */
export function isSameOrigin(request: RequestOrigin): boolean {
  if (request.csrfHeader !== "1") return false;
  if (request.secFetchSite !== undefined) return request.secFetchSite === "same-origin";
  if (request.origin === undefined) return true;
  const origin = URL.parse(request.origin);
  return origin !== null && origin.host === request.host;
}
