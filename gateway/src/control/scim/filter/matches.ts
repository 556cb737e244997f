import { isRecord } from "../../../config/read-file.ts";
import type { AttributePath } from "./attribute-path.ts";
import type { Comparison, Filter, FilterValue } from "./parse-filter.ts";

/** Compared to the letter (RFC 7643 §7, `caseExact`); everything else without regard to case. */
const exact: ReadonlySet<string> = new Set(["id", "externalid", "value", "$ref"]);

/**
 * Whether a resource, as it would be answered, matches. What it does not have matches nothing but
 * `ne` and `not`.
 */
export function matches(filter: Filter, resource: Readonly<Record<string, unknown>>): boolean {
  switch (filter.kind) {
    case "and":
      return matches(filter.left, resource) && matches(filter.right, resource);
    case "or":
      return matches(filter.left, resource) || matches(filter.right, resource);
    case "not":
      return !matches(filter.filter, resource);
    case "present":
      return valuesAt(filter.path, resource).some(isPresent);
    case "some":
      return valuesAt(filter.path, resource).some(
        (item) => isRecord(item) && matches(filter.filter, item),
      );
    default:
      return compareAt(filter, resource);
  }
}

function compareAt(
  { path, comparison, value }: Extract<Filter, { kind: "compare" }>,
  resource: Readonly<Record<string, unknown>>,
): boolean {
  const isExact = exact.has(path.sub ?? path.name) && path.name !== "emails";
  const found = valuesAt(path, resource).map((item) =>
    isRecord(item) ? memberOf(item, "value") : item,
  );
  if (comparison === "ne") return !found.some((item) => compare("eq", item, value, isExact));
  if (found.length === 0) return comparison === "eq" && value === null;
  return found.some((item) => compare(comparison, item, value, isExact));
}

/** The values of an attribute, those of a list one by one. */
function valuesAt(path: AttributePath, resource: Readonly<Record<string, unknown>>): unknown[] {
  const { schema, name, sub } = path;
  const extensions = Object.entries(resource).filter(([key]) => key.startsWith("urn:"));
  const extension = extensions.find(([key]) => key.toLowerCase() === schema)?.[1];
  const holders: unknown[] = schema === null || extension === undefined ? [resource] : [extension];
  // Entra ID filters by `manager` without saying of which schema.
  if (schema === null) holders.push(...extensions.map(([, value]) => value));
  const values = holders.flatMap((holder) => listOf(memberOf(holder, name)));
  return sub === null ? values : values.flatMap((value) => listOf(memberOf(value, sub)));
}

function memberOf(holder: unknown, name: string): unknown {
  if (!isRecord(holder)) return undefined;
  return Object.entries(holder).find(([key]) => key.toLowerCase() === name)?.[1];
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isPresent(value: unknown): boolean {
  return value !== "" && !(isRecord(value) && Object.keys(value).length === 0);
}

function compare(
  comparison: Exclude<Comparison, "ne">,
  found: unknown,
  wanted: FilterValue,
  isExact: boolean,
): boolean {
  if (typeof found === "string" && typeof wanted === "string") {
    const [left, right] = isExact ? [found, wanted] : [found.toLowerCase(), wanted.toLowerCase()];
    return textComparisons[comparison](left, right);
  }
  // Some clients write booleans as texts.
  if (typeof found === "boolean" && typeof wanted === "string")
    return comparison === "eq" && String(found) === wanted.toLowerCase();
  return comparison === "eq" && found === wanted;
}

const textComparisons: Readonly<
  Record<Exclude<Comparison, "ne">, (left: string, right: string) => boolean>
> = {
  eq: (left, right) => left === right,
  co: (left, right) => left.includes(right),
  sw: (left, right) => left.startsWith(right),
  ew: (left, right) => left.endsWith(right),
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
};
