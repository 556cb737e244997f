/**
 * The starter policy lets metered operations pass that name no model, such as listings. That is
 * sound only while everything that costs money names one, whatever its body leaves out.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Operation } from "./dialects/dialect.ts";
import type { JsonObject } from "./dialects/json-body.ts";
import { Refusal } from "./refusal.ts";
import { findOperation } from "./routes.ts";

const page = new URL("../../../docs/wire-formats.md", import.meta.url);
const operations = [...readFileSync(page, "utf8").matchAll(/^\| `POST (\/\S+)` \|/gm)]
  .map(([, path = ""]) => path.replace("/…", ""))
  .map((path) => findOperation({ method: "POST", path, query: "", headers: {} }))
  .filter((operation) => operation !== null);

/** What the body is taken to ask for; null = it is refused. */
function modelOf(operation: Operation, body: JsonObject): string | null {
  const texts = Object.entries(body).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  try {
    if (operation.kind === "json") return operation.describe(body).model;
    if (operation.kind === "form") return operation.describe(new Map(texts)).model;
    return null;
  } catch (refusal) {
    if (refusal instanceof Refusal) return null;
    throw refusal;
  }
}

const bodies: JsonObject[] = [
  {},
  { model: null },
  { model: "" },
  { model: [] },
  { model: { toString: "m" } },
  { messages: [], input: "x", prompt: "x", contents: [], prompt_id: "p", stream: true },
  { previous_response_id: "resp_1", conversation: "conv_1", prompt: { id: "pmpt_1" } },
];

test.each(operations.filter(({ metered }) => metered))(
  "$id names its model or is refused",
  (operation) => {
    for (const body of bodies) {
      expect(modelOf(operation, body), JSON.stringify(body)).not.toBe("");
    }
  },
);

test("there is something to look at", () => {
  expect(operations.filter(({ kind }) => kind === "json").length).toBeGreaterThan(10);
  expect(operations.filter(({ kind }) => kind === "form").length).toBeGreaterThan(3);
});
