import type { Directory } from "./directory.ts";
import { domainOf, type EntityKind, readText } from "./find-entities.ts";
import {
  directory as ofDirectory,
  type Provenance,
  provenanceOf,
  unknown,
  weakest,
} from "./provenance.ts";
import { isSecretWord } from "./sensitive.ts";
import type { SessionIndex } from "./session-index.ts";
import { skeletonOf } from "./skeleton.ts";
import { folded } from "./split-words.ts";

const LEAVES_MAX = 512;
const DEPTH_MAX = 16;
const CHARACTERS_MAX = 131_072;
const ENTITIES_MAX = 128;

/** Provenance by path, as `tool.provenance` of a policy's input. */
export type ArgumentProvenance = Record<string, string>;

interface Entity {
  readonly kind: EntityKind;
  readonly key: string;
}

const lists: Partial<Record<EntityKind, string>> = {
  link: "links",
  address: "addresses",
  account: "accounts",
};

/** Where each value of a tool call's arguments came from; never throws. */
export function traceArguments(
  args: unknown,
  session: SessionIndex,
  directory: Directory,
): ArgumentProvenance {
  const trace = new Trace(session, directory);
  trace.value(args, "", 0);
  return trace.finish();
}

class Trace {
  readonly #session: SessionIndex;
  readonly #directory: Directory;
  readonly #found = new Map<string, string>();
  #leaves = 0;
  #characters = 0;
  #isComplete = true;

  constructor(session: SessionIndex, directory: Directory) {
    this.#session = session;
    this.#directory = directory;
  }

  value(value: unknown, path: string, depth: number): void {
    if (this.#leaves >= LEAVES_MAX || depth > DEPTH_MAX) this.#isComplete = false;
    else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.value(item, `${path}[${index}]`, depth + 1);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        this.value(item, memberPath(path, name), depth + 1);
      }
    } else this.#leaf(value, path);
  }

  /** In code-unit order of the paths. */
  finish(): ArgumentProvenance {
    // A call with more than is looked at must not pass for one without anything wrong in it.
    if (!this.#isComplete) this.#found.set("@incomplete", "unknown");
    return Object.fromEntries(
      [...this.#found].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  }

  #leaf(value: unknown, path: string): void {
    this.#leaves += 1;
    if (typeof value === "number") {
      if (isShort([String(value)])) this.#found.set(`${path}@short`, "yes");
      this.#record(path, provenanceOf(this.#session.sourceOf("number", String(value))));
    } else if (typeof value === "string") this.#text(value, path);
    else this.#found.set(path, "unknown");
  }

  #text(value: string, path: string): void {
    this.#characters += value.length;
    if (this.#characters > CHARACTERS_MAX) {
      this.#isComplete = false;
      this.#found.set(path, "unknown");
      return;
    }
    const { words, entities, secrets } = readValue(folded(value));
    const naming = entities.filter(({ kind }) => lists[kind] !== undefined);
    this.#listed(naming, path);
    for (const [index, secret] of secrets.entries()) {
      this.#found.set(`${path}.secrets[${index}]`, this.#words([secret]).label);
    }
    if (isShort(words)) this.#found.set(`${path}@short`, "yes");
    const provenance = this.#whole(words, entities, naming);
    this.#record(path, provenance);
    if (isTrusted(provenance)) return;
    if (this.#isConfirmed(words, naming)) this.#found.set(`${path}@confirmed`, "user");
    this.#lookalike(words, naming, path);
  }

  #whole(words: string[], entities: Entity[], naming: Entity[]): Provenance {
    if (words.length === 0) return unknown;
    if (naming.length > 0) return weakest(naming.map((entity) => this.#entity(entity)));
    const [only, ...others] = entities.filter(({ kind }) => kind === "date" || kind === "number");
    const isDate = only?.kind === "date" && others.every(({ kind }) => kind === "number");
    if (isDate && words.length <= 5) return this.#date(only.key);
    const [word = ""] = words;
    if (words.length === 1 && only?.kind === "number") return this.#entity(only);
    return words.length === 1 ? this.#words([word]) : this.#words(words);
  }

  #words(words: string[]): Provenance {
    const own = provenanceOf(this.#session.sourceOfWords(words));
    return own.origin !== "user" && this.#directory.hasName(words) ? ofDirectory : own;
  }

  #entity({ kind, key }: Entity): Provenance {
    const own = provenanceOf(this.#session.sourceOf(kind, key));
    return own.origin !== "user" && this.#directory.hasEntity(kind, key) ? ofDirectory : own;
  }

  /** The person may leave the year out; then any year is theirs. */
  #date(key: string): Provenance {
    const exact = provenanceOf(this.#session.sourceOf("date", key));
    if (exact.origin === "user") return exact;
    const withoutYear = provenanceOf(this.#session.sourceOf("date", key.slice(-5)));
    return withoutYear.origin === "user" ? withoutYear : exact;
  }

  #isConfirmed(words: string[], naming: Entity[]): boolean {
    if (naming.length === 0) return this.#session.isConfirmed(words);
    return naming.every(
      ({ kind, key }) =>
        this.#session.isConfirmedEntity(kind, key) || isTrusted(this.#entity({ kind, key })),
    );
  }

  #lookalike(words: string[], naming: Entity[], path: string): void {
    // What is trusted looks like itself.
    const strange = naming.filter((entity) => !isTrusted(this.#entity(entity)));
    const names = strange.flatMap(({ kind, key }) => [key, domainOf(kind, key)]);
    if (words.length === 1 && naming.length === 0) names.push(words[0] ?? "");
    const isLookalike = names.some((name) => {
      if (name === "") return false;
      const skeleton = skeletonOf(name);
      return this.#session.isLookalike(skeleton) || this.#directory.isLookalike(skeleton);
    });
    if (isLookalike) this.#found.set(`${path}@lookalike`, "unknown");
  }

  #listed(naming: Entity[], path: string): void {
    const counts = new Map<string, number>();
    for (const entity of naming) {
      const list = lists[entity.kind] ?? "";
      const index = counts.get(list) ?? 0;
      counts.set(list, index + 1);
      this.#record(`${path}.${list}[${index}]`, this.#entity(entity));
    }
    if (naming.length >= ENTITIES_MAX) this.#isComplete = false;
  }

  #record(path: string, { label, source }: Provenance): void {
    this.#found.set(path, label);
    if (source?.kind !== "tool" || source.result === null) return;
    if (source.field !== "") this.#found.set(`${path}@field`, source.field);
    this.#found.set(`${path}@lookup`, source.result.lookup);
    if (source.result.addresses === 1) this.#found.set(`${path}@alone`, "yes");
  }
}

function isTrusted({ origin }: Provenance): boolean {
  return origin === "user" || origin === "directory";
}

function readValue(text: string): { words: string[]; entities: Entity[]; secrets: string[] } {
  const words: string[] = [];
  const entities: Entity[] = [];
  const secrets: string[] = [];
  const reader = {
    word: (bare: string) => {
      words.push(bare);
      if (isSecretWord(bare) && secrets.length < ENTITIES_MAX) secrets.push(bare);
    },
    entity: (kind: EntityKind, key: string) => {
      if (entities.length < ENTITIES_MAX) entities.push({ kind, key });
    },
  };
  readText(text, reader);
  const revealed = text.includes("%") ? percentDecoded(text) : text;
  // What percent signs hide is looked for as well, and counts beside what stands there openly.
  if (revealed !== text) readText(revealed, { word: () => {}, entity: reader.entity });
  return { words, entities, secrets };
}

/** What stands in most texts: one letter, a number of up to three digits, nothing at all. */
function isShort(words: readonly string[]): boolean {
  return /^(?:.?|-?\d{1,3}(?:\.0)?)$/u.test(words.join(" "));
}

function percentDecoded(text: string): string {
  return folded(
    text.replace(/(?:%[0-9a-f]{2})+/g, (encoded) => {
      try {
        return decodeURIComponent(encoded);
      } catch {
        return encoded;
      }
    }),
  );
}

/** A name that is no plain one is quoted: it must not read as a path or as a remark on one. */
function memberPath(path: string, name: string): string {
  if (!/^[\p{L}\p{N}_-]+$/u.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}
