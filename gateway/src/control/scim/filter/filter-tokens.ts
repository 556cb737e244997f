import { ScimError } from "../scim-error.ts";

export type FilterToken =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "(" | ")" | "[" | "]" };

/** More than any identity provider sends, and a bound on what it costs to look at each row. */
export const maxFilterLength = 2048;

// Sticky: each character is looked at once, whatever the text.
const space = /\s+/y;
const punctuation = /[()[\]]/y;
const string = /"(?:[^"\\]|\\.)*"/y;
const word = /[^\s()[\]"]+/y;

/** Cuts a filter into what its grammar knows (RFC 7644 §3.4.2.2). @throws {ScimError} */
export function filterTokens(filter: string): FilterToken[] {
  if (filter.length > maxFilterLength)
    throw new ScimError(
      "WEIR_SCIM_INVALID_FILTER",
      `A filter has at most ${maxFilterLength} characters.`,
    );
  const tokens: FilterToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(filter)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  while (at < filter.length) {
    if (take(space) !== null) continue;
    const mark = take(punctuation);
    if (mark === "(" || mark === ")" || mark === "[" || mark === "]") tokens.push({ kind: mark });
    else tokens.push(textToken(take(string)) ?? wordToken(take(word), at));
  }
  return tokens;
}

function textToken(literal: string | null): FilterToken | null {
  if (literal === null) return null;
  try {
    const value: unknown = JSON.parse(literal);
    if (typeof value === "string") return { kind: "text", value };
  } catch {
    // An escape that JSON does not have.
  }
  throw new ScimError("WEIR_SCIM_INVALID_FILTER", "A string in the filter is no JSON string.");
}

function wordToken(text: string | null, at: number): FilterToken {
  if (text !== null) return { kind: "word", text };
  const message = `The filter cannot be read at character ${at + 1}: a string has no end.`;
  throw new ScimError("WEIR_SCIM_INVALID_FILTER", message);
}
