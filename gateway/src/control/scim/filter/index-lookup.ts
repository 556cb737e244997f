import type { Filter } from "./parse-filter.ts";

/**
 * The value that an attribute must be equal to for the filter to match at all; null when it need
 * not. By this an index finds the few rows that are then looked at.
 */
export function requiredValue(filter: Filter, name: string): string | null {
  if (filter.kind === "and")
    return requiredValue(filter.left, name) ?? requiredValue(filter.right, name);
  if (filter.kind !== "compare" || filter.comparison !== "eq") return null;
  const { path, value } = filter;
  return path.name === name && path.sub === null && typeof value === "string" ? value : null;
}

/** Whether a filter asks for an attribute anywhere. */
export function asksFor(filter: Filter, name: string): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return asksFor(filter.left, name) || asksFor(filter.right, name);
    case "not":
      return asksFor(filter.filter, name);
    default:
      return filter.path.name === name;
  }
}
