import type { TokenCounts } from "../../contracts/usage.ts";
import { isJsonObject, type JsonObject } from "./json-body.ts";

/** A provider's count, or null where it is absent or no count at all. */
export function count(object: unknown, name: string): number | null {
  if (!isJsonObject(object)) return null;
  const value = object[name];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function member(object: unknown, name: string): JsonObject | null {
  if (!isJsonObject(object)) return null;
  const value = object[name];
  return isJsonObject(value) ? value : null;
}

export function noTokens(): TokenCounts {
  return {
    inputUncached: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    outputVisible: 0,
    outputReasoning: 0,
    toolUsePrompt: 0,
    audioIn: 0,
    audioOut: 0,
  };
}
