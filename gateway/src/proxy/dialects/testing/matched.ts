import type { Dialect, FormOperation, JsonOperation, Operation } from "../dialect.ts";

/** What a dialect serves under a path. @throws Error when that is of another kind */
export function matchedJson(dialect: Dialect, path: string): JsonOperation {
  const operation = matched(dialect, path);
  if (operation?.kind !== "json") throw new Error(`${path} is not served as JSON`);
  return operation;
}

export function matchedForm(dialect: Dialect, path: string): FormOperation {
  const operation = matched(dialect, path);
  if (operation?.kind !== "form") throw new Error(`${path} is not served as a form`);
  return operation;
}

function matched(dialect: Dialect, path: string): Operation | null {
  return dialect.match({ method: "POST", path, query: "", headers: {} });
}
