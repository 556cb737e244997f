import { billInput } from "../bill.ts";
import { isJsonObject } from "../json-value.ts";
import { readMessages } from "./read.ts";

/** The body of `count_tokens`: the input that a call with this body is billed at, or 0. */
export function countTokens(body: Buffer): string {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    const tokens = isJsonObject(parsed)
      ? billInput(readMessages({ json: parsed, sha256: "" })).inputUncached
      : 0;
    return JSON.stringify({ input_tokens: tokens });
  } catch {
    return JSON.stringify({ input_tokens: 0 });
  }
}
