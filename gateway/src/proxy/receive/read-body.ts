import type { IncomingMessage } from "node:http";
import { ClientGone } from "../client-gone.ts";
import { Refusal } from "../refusal.ts";
import type { HeldRoom } from "./room.ts";

export function bodyTooLarge(maxBytes: number, setting: string): Refusal {
  return new Refusal("WEIR_BODY_TOO_LARGE", {
    message: `The request body is larger than the ${maxBytes} bytes that this gateway accepts (limits.${setting}).`,
  });
}

/**
 * Reads a request's body whole, never more than `maxBytes` of it, nor more than all calls may hold
 * together. `Content-Length` is trusted only to refuse early: what counts is what arrives
 * (RFC 9112 §6.3).
 *
 * @throws Refusal WEIR_BODY_TOO_LARGE, WEIR_OVERLOADED; ClientGone
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  room: HeldRoom,
): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) {
    throw bodyTooLarge(maxBytes, "maxBodyBytes");
  }
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onGone = () => reject(new ClientGone());
  const onData = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      reject(bodyTooLarge(maxBytes, "maxBodyBytes"));
      return;
    }
    try {
      room.take(chunk.length);
      chunks.push(chunk);
    } catch (refusal) {
      reject(refusal);
    }
  };
  request.on("data", onData);
  request.once("end", () => {
    // A client that leaves from now on is the relay's business.
    request.off("close", onGone);
    const [first] = chunks;
    resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, bytes));
  });
  request.once("close", onGone);
  request.once("error", onGone);
  try {
    return await promise;
  } finally {
    request.off("data", onData);
    // The listener for errors stays: without one a late error would end the process.
    // What is still on its way is read and thrown away, so that the client can see our answer.
    request.resume();
  }
}
