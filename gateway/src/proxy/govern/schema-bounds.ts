/** Schemas come from clients and tool servers: hostile input, as the specification of MCP says too. */
import { isJsonObject, type JsonObject } from "../dialects/json-body.ts";

const maxSchemaBytes = 131_072;
const maxSubschemas = 2_000;
const maxDepth = 64;
/** What checking one value against the schema may cost at most, its references followed. */
const maxExpanded = 10_000;

/** Keywords whose value is not a schema and holds none. */
const data = new Set(["const", "enum", "default", "examples", "required", "description", "title"]);

/**
 * What is wrong with a schema that makes it unfit to check arguments by, as the end of a sentence;
 * null = nothing. A reference is followed within the schema alone, never fetched.
 */
export function schemaFault(schema: unknown): string | null {
  if (!isJsonObject(schema)) return typeof schema === "boolean" ? null : "is no object";
  if (JSON.stringify(schema).length > maxSchemaBytes) return "is too large";
  const nodes: JsonObject[] = [];
  const fault = collect(schema, 0, nodes);
  if (fault !== null) return fault;
  return new Expansion(schema).fault();
}

function collect(node: unknown, depth: number, nodes: JsonObject[]): string | null {
  if (typeof node !== "object" || node === null) return null;
  if (depth > maxDepth) return "is nested too deep";
  if (isJsonObject(node)) nodes.push(node);
  if (nodes.length > maxSubschemas) return "has too many parts";
  for (const [keyword, value] of Object.entries(node)) {
    const isReference = keyword === "$ref" || keyword === "$dynamicRef";
    if (isReference && !(typeof value === "string" && value.startsWith("#")))
      return "refers to another document";
    if (keyword === "$id" || keyword === "$recursiveRef") {
      if (depth > 0 || keyword === "$recursiveRef") return `uses ${keyword}`;
    }
    if (data.has(keyword)) continue;
    const fault = collect(value, depth + 1, nodes);
    if (fault !== null) return fault;
  }
  return null;
}

/**
 * How much a schema is with its references written out. A few lines that refer to each other twice
 * are as much as 2^lines; one that refers to itself has no end, unless the arguments set it one.
 */
class Expansion {
  readonly #root: JsonObject;
  readonly #costs = new Map<object, number>();
  readonly #open = new Set<object>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  fault(): string | null {
    const cost = this.#costOf(this.#root);
    if (Number.isNaN(cost)) return "refers to a part that is not there";
    return cost > maxExpanded ? "refers to its own parts too often, or to itself" : null;
  }

  #costOf(node: unknown): number {
    if (typeof node !== "object" || node === null) return 0;
    const known = this.#costs.get(node);
    if (known !== undefined) return known;
    if (this.#open.has(node)) return Number.POSITIVE_INFINITY;
    this.#open.add(node);
    let cost = 1;
    for (const [keyword, value] of Object.entries(node)) {
      // What is only defined costs where it is referred to.
      if (data.has(keyword) || keyword === "$defs" || keyword === "definitions") continue;
      const isReference = keyword === "$ref" || keyword === "$dynamicRef";
      cost += this.#costOf(isReference ? this.#at(String(value)) : value);
    }
    this.#open.delete(node);
    this.#costs.set(node, cost);
    return cost;
  }

  /** RFC 6901, as a fragment. An anchor counts as everything. */
  #at(reference: string): unknown {
    if (reference === "#") return this.#root;
    if (!reference.startsWith("#/")) return this.#root;
    let node: unknown = this.#root;
    for (const part of reference.slice(2).split("/")) {
      const name = decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof node !== "object" || node === null || !Object.hasOwn(node, name)) return undefined;
      node = Reflect.get(node, name);
    }
    return node;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
