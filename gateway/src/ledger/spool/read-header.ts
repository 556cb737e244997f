import type { FileHandle } from "node:fs/promises";
import { decodeHeader, MAX_HEADER_BYTES } from "./segment-header.ts";

/** Reads and checks the header of an open segment; a string says what is wrong with it. */
export async function readHeader(file: FileHandle): Promise<ReturnType<typeof decodeHeader>> {
  const buffer = Buffer.alloc(MAX_HEADER_BYTES);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  return decodeHeader(buffer.subarray(0, bytesRead));
}
