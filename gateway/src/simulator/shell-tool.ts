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

/** What the shell prints is not in the command, so it stands in a request only if the tool ran. */
export const shellCommand = "echo weir-shell-$((6 * 7))";

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
