import { isJsonObject, type JsonObject } from "../json-body.ts";
import { sseJson } from "../sse-frame.ts";

const OPEN_BRACE = 0x7b;
const BEFORE_ELEMENT = /^[\s[,]*$/;

/** The object in one frame of a stream, be it an event or an element of an array; else null. */
export function chunkIn(frame: Buffer): JsonObject | null {
  const value = elementIn(frame) ?? sseJson(frame);
  return isJsonObject(value) ? value : null;
}

/** An element comes with the bracket or comma before it. */
function elementIn(frame: Buffer): unknown {
  const brace = frame.indexOf(OPEN_BRACE);
  if (brace === -1 || !BEFORE_ELEMENT.test(frame.toString("latin1", 0, brace))) return undefined;
  try {
    return JSON.parse(frame.toString("utf8", brace));
  } catch {
    return undefined;
  }
}
