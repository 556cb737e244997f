import type { ServerResponse } from "node:http";

/**
 * Calls back once, when the client has taken what was written or is gone. One that takes nothing for
 * `maxMs` is cut: it would hold its place and the provider's connection for ever.
 */
export function whenDrained(response: ServerResponse, maxMs: number, then: () => void): void {
  const timer = setTimeout(() => response.destroy(), maxMs);
  const done = (): void => {
    clearTimeout(timer);
    response.off("drain", done);
    response.off("close", done);
    then();
  };
  response.once("drain", done);
  response.once("close", done);
}

/**
 * The same for what is left of an answer that has been ended: Node times such a socket out by
 * itself when nothing goes through it any more, and forgets it when the answer has gone out.
 */
export function cutWhenStalled(response: ServerResponse, maxMs: number): void {
  if (response.writableLength > 0) response.socket?.setTimeout(maxMs);
}
