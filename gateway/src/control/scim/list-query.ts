import { type Static, Type } from "typebox";
import { asksFor } from "./filter/index-lookup.ts";
import { maxFilterLength } from "./filter/filter-tokens.ts";
import { type Filter, parseFilter } from "./filter/parse-filter.ts";
import type { ScimResource } from "./resource.ts";
import { ScimError } from "./scim-error.ts";
import { listSchema } from "./schema-urns.ts";

const maxIndex = 2_147_483_647;
const index = { minimum: -maxIndex, maximum: maxIndex };

/** Also of answers that the client has not asked a smaller page of. */
export const maxPageSize = 200;
const defaultPageSize = 100;

const attributeList = Type.Optional(
  Type.String({ maxLength: 1024, description: "Names, separated by commas" }),
);

/** What to leave out of resources. */
export const SelectionQuery = Type.Object({
  attributes: attributeList,
  excludedAttributes: attributeList,
});
export type SelectionQuery = Static<typeof SelectionQuery>;

/** RFC 7644 §3.4.2. What is not here is passed over. */
export const ListQuery = Type.Object({
  filter: Type.Optional(
    Type.String({ maxLength: maxFilterLength, description: "RFC 7644 §3.4.2.2" }),
  ),
  startIndex: Type.Optional(Type.Integer({ ...index, description: "From 1" })),
  count: Type.Optional(Type.Integer({ ...index, description: `At most ${maxPageSize}` })),
  ...SelectionQuery.properties,
});
export type ListQuery = Static<typeof ListQuery>;

export interface Page {
  readonly filter: Filter | null;
  readonly offset: number;
  readonly limit: number;
}

/** @throws {ScimError} WEIR_SCIM_INVALID_FILTER, WEIR_SCIM_INVALID_VALUE. */
export function pageOf({ filter, startIndex = 1, count = defaultPageSize }: ListQuery): Page {
  // The validator takes 1e400 for an integer below its maximum.
  if (![startIndex, count].every((number) => Number.isSafeInteger(number)))
    throw new ScimError("WEIR_SCIM_INVALID_VALUE", "startIndex and count are whole numbers.");
  return {
    filter: filter === undefined || filter.trim() === "" ? null : parseFilter(filter),
    offset: Math.max(1, startIndex) - 1,
    limit: Math.min(Math.max(0, count), maxPageSize),
  };
}

function namesIn(list: string): ReadonlySet<string> {
  const names = list.split(",").map((name) => name.trim().toLowerCase());
  return new Set(names.map((name) => name.split(".", 1)[0] ?? ""));
}

/** Whether the answer is to have an attribute, or the filter has to see it. */
export function needsAttribute(
  name: string,
  { attributes, excludedAttributes }: SelectionQuery,
  filter: Filter | null = null,
): boolean {
  if (filter !== null && asksFor(filter, name)) return true;
  if (attributes !== undefined) return namesIn(attributes).has(name);
  return excludedAttributes === undefined || !namesIn(excludedAttributes).has(name);
}

/** The attributes that were asked for (RFC 7644 §3.9); ids and schemas are always there. */
export function select(resource: ScimResource, query: SelectionQuery): Record<string, unknown> {
  const entries = Object.entries(resource).filter(
    ([key]) =>
      key === "id" ||
      key === "schemas" ||
      key.startsWith("urn:") ||
      needsAttribute(key.toLowerCase(), query),
  );
  return Object.fromEntries(entries);
}

export interface Found<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

/** A page of the answer (RFC 7644 §3.4.2). */
export function listResponse(
  found: Found<ScimResource>,
  page: Page,
  query: SelectionQuery,
): Record<string, unknown> {
  return {
    schemas: [listSchema],
    totalResults: found.total,
    startIndex: page.offset + 1,
    itemsPerPage: found.rows.length,
    Resources: found.rows.map((resource) => select(resource, query)),
  };
}
