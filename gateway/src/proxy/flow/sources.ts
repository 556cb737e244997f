/** Where something in a session was first seen; the number is what a digest is stored with. */
export interface Source {
  readonly kind: "user" | "system" | "tool";
  /** `user`, `system` or `tool:<name>#<n>`. */
  readonly label: string;
  /** Member of the result that holds it; empty = the result has no members. */
  readonly field: string;
  readonly result: ResultFacts | null;
}

/** What is known of one result of a tool. */
export interface ResultFacts {
  /** Weakest provenance of what the tool was called with: `user` = the person named this result. */
  readonly lookup: string;
  /** Different addresses in it, counted up to two. */
  addresses: number;
}

/** A session's sources. More than these are not told apart, and count as unknown. */
const SOURCES_MAX = 8_192;
const FIELDS_PER_RESULT_MAX = 48;

export const userSource: Source = { kind: "user", label: "user", field: "", result: null };
export const systemSource: Source = { kind: "system", label: "system", field: "", result: null };
export const USER = 1;
export const SYSTEM = 2;

/** Rough size of a source in memory, for the bound of all sessions together. */
const BYTES_PER_SOURCE = 160;

export class SourceList {
  readonly #sources: Source[] = [userSource, userSource, systemSource];
  readonly #callsByTool = new Map<string, number>();

  get bytes(): number {
    return this.#sources.length * BYTES_PER_SOURCE + this.#callsByTool.size * BYTES_PER_SOURCE;
  }

  at(number: number): Source | undefined {
    return number === 0 ? undefined : this.#sources[number];
  }

  /** Numbers a tool's results in the order in which they are first seen. */
  openResult(tool: string, lookup: string): OpenResult {
    const count = (this.#callsByTool.get(tool) ?? 0) + 1;
    if (this.#callsByTool.size < SOURCES_MAX) this.#callsByTool.set(tool, count);
    return new OpenResult(this.#sources, `tool:${tool}#${count}`, { lookup, addresses: 0 });
  }
}

/** One result while it is indexed: a source of its own for each of its members' names. */
export class OpenResult {
  readonly label: string;
  readonly facts: ResultFacts;
  readonly #sources: Source[];
  readonly #byField = new Map<string, number>();

  constructor(sources: Source[], label: string, facts: ResultFacts) {
    this.#sources = sources;
    this.label = label;
    this.facts = facts;
  }

  /** 0 = there is no room for more. */
  source(field: string): number {
    const known = this.#byField.get(field);
    if (known !== undefined) return known;
    if (field !== "" && this.#byField.size >= FIELDS_PER_RESULT_MAX) return this.source("");
    if (this.#sources.length >= SOURCES_MAX) return 0;
    const number = this.#sources.length;
    this.#sources.push({ kind: "tool", label: this.label, field, result: this.facts });
    this.#byField.set(field, number);
    return number;
  }
}
