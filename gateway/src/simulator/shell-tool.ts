import { isJsonObject, type JsonObject } from "./json-value.ts";
import { toolArguments } from "./tool-arguments.ts";

// What coding clients call the tool that runs a command, in lower case.
const shellTools = new Set([
  "bash",
  "exec",
  "exec_command",
  "local_shell",
  "run_shell_command",
  "shell",
  "shell_command",
]);
const commandParameters = ["command", "cmd"];

/**
 * Prints `weir-shell-42`, which is not in the command: whoever reads it knows that a shell ran.
 * Without `$`, which Gemini CLI refuses as a substitution.
 */
export const shellCommand = "printf weir-%s-%d shell 42";

/** Whether a tool of this name runs a command in a shell, by the names that coding clients use. */
export function isShellTool(name: string): boolean {
  return shellTools.has(name.toLowerCase());
}

/** Arguments that fit the tool's JSON Schema and have it run `shellCommand`. */
export function shellArguments(schema: JsonObject): JsonObject {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const parameter = commandParameters.find((name) => Object.hasOwn(properties, name));
  const fitting = toolArguments(schema);
  return parameter === undefined ? fitting : { ...fitting, [parameter]: shellCommand };
}
