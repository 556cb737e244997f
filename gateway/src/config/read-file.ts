import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import type { ConfigProblem, SettingPath } from "./problem.ts";

export interface ConfigSource {
  /** What the file says; an empty object for an empty file. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly ConfigProblem[];
  /** Where in the file a setting, or the nearest that holds it, is: `weir.yaml:4:7`. */
  locate(path: SettingPath): string;
}

/** Reads a YAML file as it is; its values are still to be checked. */
export function readConfigFile(file: string): ConfigSource {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return broken(file, `the file cannot be read (${reason})`);
  }
  return parseConfig(text, basename(file));
}

/** `name` is how the file is called in problems. */
export function parseConfig(text: string, name: string): ConfigSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      source: at(error.pos[0]),
      path: "",
      message: `not valid YAML: ${error.message}`,
    }));
    return { values: {}, problems, locate: () => name };
  }
  const root = toPlain(document);
  if (root instanceof Error) return broken(name, `not usable YAML: ${root.message}`);
  if (!isRecord(root)) return broken(name, "must hold settings (`name: value`), nothing else");
  return {
    values: root,
    problems: [],
    locate: (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return at(node.range[0]);
      }
      return name;
    },
  };
}

function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    // Bounded, or aliases of aliases would fill the memory.
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function broken(name: string, message: string): ConfigSource {
  return { values: {}, problems: [{ source: name, path: "", message }], locate: () => name };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
