import { hash } from "node:crypto";
import { isJsonObject } from "../dialects/json-body.ts";

const MAX_VALUES = 1_000;

/** What a limit reads of a call's arguments. */
export interface ReadArguments {
  /** Digests, so that nothing of them is kept. */
  readonly values: readonly string[];
  /** Null = not a number of 0 or more, so nobody can say how much it is. */
  readonly amount: number | null;
}

/** @param names members of the arguments, `to` or `message.to`, whose values are told apart */
export function readArguments(
  args: unknown,
  names: readonly string[],
  amountName: string | null,
): ReadArguments {
  const values = new Set<string>();
  for (const name of names) {
    for (const value of textsIn(memberOf(args, name))) {
      if (values.size < MAX_VALUES)
        values.add(hash("sha256", value.trim().toLowerCase(), "base64"));
    }
  }
  const amount = amountName === null ? 0 : memberOf(args, amountName);
  const isAmount = typeof amount === "number" && Number.isFinite(amount) && amount >= 0;
  return { values: [...values], amount: isAmount ? amount : null };
}

function memberOf(args: unknown, path: string): unknown {
  let found: unknown = args;
  for (const name of path.split(".")) {
    if (!isJsonObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

/** A list of recipients, or one text with commas between them, as mail has both. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.split(/[,;]/).filter((each) => each.trim() !== "");
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return value === undefined || value === null ? [] : [JSON.stringify(value)];
}
