const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

function hostname(authority: string): string {
  const parsed = URL.parse(`http://${authority}`);
  return parsed === null ? "" : parsed.hostname;
}

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopbackAddress(address: string): boolean {
  return address === "localhost" || address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}

/**
 * Guards a listener on loopback against DNS rebinding: a page on the web may point its own name
 * at 127.0.0.1, but it cannot make a browser send another name in `Host`.
 */
export function isExpectedHost(
  host: string | undefined,
  configuredNames: readonly string[],
): boolean {
  if (host === undefined) return false;
  const name = hostname(host);
  return loopbackNames.has(name) || (name !== "" && configuredNames.includes(name));
}
