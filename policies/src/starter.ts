import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { PolicyFiles } from "./compiler-protocol.ts";

/** The policies that come with Weir. */
export const starterDirectory = join(import.meta.dirname, "..", "weir");

/** One entrypoint for each decision point, in the order of the compiled module. */
export const defaultEntrypoints = [
  "weir/llm_call/decision",
  "weir/tool_list/decision",
  "weir/tool_call/decision",
  "weir/tool_result/decision",
  "weir/view/decision",
] as const;

const MAX_FILES = 1_000;
const MAX_BYTES = 8_388_608;

/** A policy folder cannot be read; the message says why and what to do. */
export class PolicyDirectoryError extends Error {
  readonly code = "WEIR_POLICY_DIRECTORY";
}

/** Sources by path relative to `directory`, all `.rego` files below it. @throws PolicyDirectoryError */
export async function readPolicyDirectory(directory: string): Promise<PolicyFiles> {
  const paths = await regoPaths(directory);
  if (paths.length === 0) {
    throw new PolicyDirectoryError(
      `${directory} holds no .rego file: put policies there or name another folder.`,
    );
  }
  if (paths.length > MAX_FILES) {
    throw new PolicyDirectoryError(`${directory} holds more than ${MAX_FILES} .rego files.`);
  }
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const path of paths.toSorted()) {
    bytes += (await stat(path)).size;
    if (bytes > MAX_BYTES) {
      throw new PolicyDirectoryError(
        `The .rego files in ${directory} are larger than ${MAX_BYTES} bytes together.`,
      );
    }
    files[relative(directory, path)] = await readFile(path, "utf8");
  }
  return files;
}

export function readStarterPolicies(): Promise<PolicyFiles> {
  return readPolicyDirectory(starterDirectory);
}

async function regoPaths(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".rego"))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (cause) {
    throw new PolicyDirectoryError(
      `${directory} cannot be read: check the path and its permissions.`,
      { cause },
    );
  }
}
