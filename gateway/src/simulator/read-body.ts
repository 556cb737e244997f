import type { IncomingMessage } from "node:http";

/**
 * The request's whole body. "too_large" once it exceeds `maxBytes`, "gone" when the client left
 * before its end. Events and not an async iterator, which costs several turns a request.
 */
export async function readBody(
  message: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | "too_large" | "gone"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else resolve("too_large");
    });
    message.once("end", () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
    message.once("close", () => resolve("gone"));
    message.once("error", () => resolve("gone"));
  });
}
