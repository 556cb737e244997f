import { Ajv, type Options, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import canonicalize from "canonicalize";
import { RE2JS } from "re2js";
import { canonicalDigest } from "./canonical-json.ts";
import { schemaFault } from "./schema-bounds.ts";

/** Bounds what compiled schemas take; each is some kilobytes. */
const maxKept = 500;
const maxShownErrors = 3;

/** Patterns of schemas are hostile: this engine takes time in proportion to the text alone. */
const linearPatterns = Object.assign(
  (pattern: string) => {
    const expression = RE2JS.compile(pattern);
    return { test: (text: string) => expression.matcher(text).find() };
  },
  { code: "linearPatterns" },
);

const options: Options = {
  strict: false,
  validateFormats: false,
  allErrors: false,
  logger: false,
  addUsedSchema: false,
  code: { regExp: linearPatterns },
};

export interface CheckedSchema {
  /** SHA-256 (hex) of the schema in its canonical form; empty = there is none. */
  readonly digest: string;
  /** What is wrong with the arguments or the schema, as a sentence; null = nothing. */
  readonly check: (args: unknown) => string | null;
}

const none: CheckedSchema = { digest: "", check: () => null };

/** Checks arguments by the JSON Schemas of tools, and keeps the last schemas compiled. */
export class SchemaValidator {
  readonly #kept = new Map<string, CheckedSchema>();

  /** @param schema JSON Schema 2020-12, or draft 7 where it says so; null = Weir has not seen one. */
  for(schema: unknown): CheckedSchema {
    if (schema === null || schema === undefined) return none;
    let digest: string;
    try {
      digest = canonicalDigest(schema);
    } catch {
      return unfit("", "holds text that is not valid Unicode");
    }
    const known = this.#kept.get(digest);
    if (known !== undefined) {
      // The last used goes to the end: the first is the one to forget.
      this.#kept.delete(digest);
      this.#kept.set(digest, known);
      return known;
    }
    const checked = compiled(schema, digest);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= maxKept && oldest.done !== true) this.#kept.delete(oldest.value);
    this.#kept.set(digest, checked);
    return checked;
  }
}

function unfit(digest: string, fault: string): CheckedSchema {
  return { digest, check: () => `The tool's schema ${fault}, so its arguments cannot be checked.` };
}

function compiled(schema: unknown, digest: string): CheckedSchema {
  const fault = schemaFault(schema);
  if (fault !== null) return unfit(digest, fault);
  let validate: ValidateFunction;
  try {
    validate = compilerFor(schema).compile(Object(schema));
  } catch {
    return unfit(digest, "is not valid, or has a pattern that Weir cannot use");
  }
  return {
    digest,
    check: (args) => {
      if (validate(args)) return null;
      const errors = (validate.errors ?? []).slice(0, maxShownErrors);
      const told = errors.map(
        ({ instancePath, message }) => `${instancePath || "/"} ${message ?? ""}`,
      );
      return `The arguments do not fit the tool's schema: ${told.join("; ")}.`;
    },
  };
}

/** One for each schema, so that none sees another's `$id`. */
function compilerFor(schema: unknown): Ajv {
  const said = Object(schema)["$schema"];
  const isOld = typeof said === "string" && /draft-0[467]/.test(said);
  const ajv = isOld ? new Ajv(options) : new Ajv2020(options);
  // Ajv's compares every item with every other.
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    validate: (isAsked: boolean, items: unknown[]) =>
      !isAsked || new Set(items.map((item) => canonicalize(item))).size === items.length,
  });
  return ajv;
}
