const ofTheHop = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "date",
  "host",
  "keep-alive",
  "transfer-encoding",
]);

/** Whether two hops may differ in a header: all others have to come through as they are. */
export function isOfTheHop(name: string): boolean {
  return ofTheHop.has(name.toLowerCase());
}
