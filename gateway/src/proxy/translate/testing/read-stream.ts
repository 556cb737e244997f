/** Reads rendered streams as a client would: whole events, in order. */
import { isJsonObject, type JsonObject } from "../../dialects/json-body.ts";

export function events(text: string): JsonObject[] {
  return text
    .split("\n\n")
    .filter((frame) => frame !== "" && !frame.endsWith("[DONE]"))
    .map((frame) => {
      const data = frame.split("\n").find((line) => line.startsWith("data: "));
      const parsed: unknown = JSON.parse(data?.slice(6) ?? "null");
      if (!isJsonObject(parsed)) throw new Error(`no event: ${frame}`);
      return parsed;
    });
}

/** The deltas of a chat stream, without what they have in common. */
export function deltas(text: string): JsonObject[] {
  return events(text).flatMap(({ choices }) => {
    const [choice] = Array.isArray(choices) ? choices : [];
    return isJsonObject(choice) && isJsonObject(choice["delta"]) ? [choice["delta"]] : [];
  });
}
