import type { Scope } from "../../contracts/scope.ts";
import type { Operation } from "../dialects/dialect.ts";

/** The scope that a key needs for an operation. */
export function scopeOf(operation: Pick<Operation, "id" | "kind" | "metered">): Scope {
  if (operation.kind === "models") return "models:list";
  if (operation.id === "passthrough") return "passthrough:call";
  return operation.metered ? "llm:call" : "files:use";
}
