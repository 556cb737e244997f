/** Resolves when the event loop has gone once through what was ready in this turn. */
export function turnEnd(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  return promise;
}
