import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from "node:zlib";
import { ServerException } from "./exception.ts";

/**
 * The whole body, decompressed as `Content-Encoding` says.
 * @throws ServerException when it is larger than `maxBytes` once decompressed, or not what it says.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const source = decoded(request);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const part = chunk as Buffer;
      bytes += part.length;
      if (bytes > maxBytes)
        throw new ServerException(
          307,
          "TOO_MANY_BYTES",
          `the body is longer than ${maxBytes} bytes`,
        );
      chunks.push(part);
    }
  } catch (error) {
    if (error instanceof ServerException || request.destroyed) throw error;
    throw new ServerException(
      354,
      "ZLIB_INFLATE_FAILED",
      `cannot decompress the body: ${String(error)}`,
    );
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes);
}

function decoded(request: IncomingMessage): Readable {
  const encoding = request.headers["content-encoding"] ?? "";
  if (encoding === "" || encoding === "identity") return request;
  const decoder = {
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  }[encoding];
  if (decoder === undefined)
    throw new ServerException(48, "NOT_IMPLEMENTED", `Unknown compression method: ${encoding}`);
  const stream = decoder();
  request.on("error", (error) => stream.destroy(error));
  return request.pipe(stream);
}
