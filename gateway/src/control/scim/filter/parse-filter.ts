import { ScimError, type ScimErrorCode } from "../scim-error.ts";
import { type AttributePath, parseAttributePath } from "./attribute-path.ts";
import { type FilterToken, filterTokens } from "./filter-tokens.ts";

const comparisons = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
export type Comparison = (typeof comparisons)[number];
export type FilterValue = string | number | boolean | null;

export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly filter: Filter }
  | { readonly kind: "present"; readonly path: AttributePath }
  | { readonly kind: "some"; readonly path: AttributePath; readonly filter: Filter }
  | {
      readonly kind: "compare";
      readonly path: AttributePath;
      readonly comparison: Comparison;
      readonly value: FilterValue;
    };

/** `members`, `emails[type eq "work"].value`: where a PATCH applies. */
export interface PatchPath {
  readonly attribute: AttributePath;
  readonly filter: Filter | null;
}

const maxDepth = 16;

/** Reads a filter (RFC 7644 §3.4.2.2) to its end. @throws {ScimError} WEIR_SCIM_INVALID_FILTER */
export function parseFilter(text: string): Filter {
  const parser = new FilterParser(filterTokens(text), "WEIR_SCIM_INVALID_FILTER");
  const filter = parser.either(0);
  parser.end();
  return filter;
}

/** Reads the path of a PATCH operation (RFC 7644 §3.5.2). @throws {ScimError} WEIR_SCIM_INVALID_PATH */
export function parsePatchPath(text: string): PatchPath {
  const parser = new FilterParser(filterTokens(text), "WEIR_SCIM_INVALID_PATH");
  const path = parser.patchPath();
  parser.end();
  return path;
}

class FilterParser {
  readonly #tokens: readonly FilterToken[];
  readonly #code: ScimErrorCode;
  #at = 0;

  constructor(tokens: readonly FilterToken[], code: ScimErrorCode) {
    this.#tokens = tokens;
    this.#code = code;
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail("ends too late");
  }

  patchPath(): PatchPath {
    const attribute = this.#path();
    if (!this.#take("[")) return { attribute, filter: null };
    const filter = this.either(1);
    if (!this.#take("]")) this.#fail("lacks a ]");
    const after = this.#word();
    if (after === null) return { attribute, filter };
    if (!after.startsWith(".") || attribute.sub !== null) this.#fail("has no attribute after ]");
    const { name: sub, ...rest } = parseAttributePath(after.slice(1), this.#code);
    if (rest.sub !== null || rest.schema !== null) this.#fail("has no attribute after ]");
    return { attribute: { ...attribute, sub }, filter };
  }

  /** `or` binds less than `and`. */
  either(depth: number): Filter {
    let left = this.#both(depth);
    while (this.#takeWord("or")) left = { kind: "or", left, right: this.#both(depth) };
    return left;
  }

  #both(depth: number): Filter {
    let left = this.#term(depth);
    while (this.#takeWord("and")) left = { kind: "and", left, right: this.#term(depth) };
    return left;
  }

  #term(depth: number): Filter {
    if (depth > maxDepth) this.#fail(`is nested more than ${maxDepth} deep`);
    const isNegated = this.#next()?.kind === "(" && this.#takeWord("not");
    if (isNegated || this.#tokens[this.#at]?.kind === "(") {
      this.#at += 1;
      const filter = this.either(depth + 1);
      if (!this.#take(")")) this.#fail("lacks a )");
      return isNegated ? { kind: "not", filter } : filter;
    }
    const path = this.#path();
    if (this.#take("[")) {
      const filter = this.either(depth + 1);
      if (!this.#take("]")) this.#fail("lacks a ]");
      return { kind: "some", path, filter };
    }
    return this.#comparison(path);
  }

  #comparison(path: AttributePath): Filter {
    const operator = this.#word()?.toLowerCase();
    if (operator === "pr") return { kind: "present", path };
    const comparison = comparisons.find((known) => known === operator);
    if (comparison === undefined) this.#fail("has an unknown operator");
    return { kind: "compare", path, comparison, value: this.#value() };
  }

  #value(): FilterValue {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === "text") return token.value;
    const text = token?.kind === "word" ? token.text : "";
    const lower = text.toLowerCase();
    if (lower === "true" || lower === "false") return lower === "true";
    if (lower === "null") return null;
    if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) this.#fail("has a value without quotes");
    return Number(text);
  }

  #path(): AttributePath {
    const text = this.#word();
    if (text === null) this.#fail("lacks an attribute");
    return parseAttributePath(text, this.#code);
  }

  #next(): FilterToken | undefined {
    return this.#tokens[this.#at + 1];
  }

  #take(kind: "(" | ")" | "[" | "]"): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false;
    this.#at += 1;
    return true;
  }

  #takeWord(keyword: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || token.text.toLowerCase() !== keyword) return false;
    this.#at += 1;
    return true;
  }

  #word(): string | null {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word") return null;
    this.#at += 1;
    return token.text;
  }

  #fail(reason: string): never {
    throw new ScimError(this.#code, `What was sent as a filter or path ${reason}.`);
  }
}
