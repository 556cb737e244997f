import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findOperation } from "./routes.ts";

const page = new URL("../../../docs/wire-formats.md", import.meta.url);
const rows = [
  ...readFileSync(page, "utf8").matchAll(/^\| `(\w+) (\/\S+)` \| `([\w.]+)` \| (.*) \|$/gm),
];

function operationOf(method: string, path: string) {
  const headers = { "content-type": "application/json" };
  return findOperation({ method, path: path.replace("/…", ""), query: "", headers });
}

test("docs/wire-formats.md says what is served", () => {
  expect(rows.length).toBeGreaterThan(25);
  for (const [, method = "", path = "", id, tokens = ""] of rows) {
    const operation = operationOf(method, path);
    expect(operation?.id, `${method} ${path}`).toBe(id);
    expect(operation?.metered, `${method} ${path}`).toBe(!tokens.includes("unmetered"));
    expect(operation?.free, `${method} ${path}`).toBe(tokens === "free");
  }
});

test("a path that could be read as another one is not served", () => {
  for (const path of [
    "/providers/openai/../anthropic/v1/messages",
    "/providers/openai/%2e%2e/x",
    "/providers/openai/a%2fb",
    "/providers/openai//x",
    "/providers/OPENAI/x",
    "/v1/files/..",
    "/v1/files/%2e%2e/content",
    "/v1/responses/a%2Fb",
    "/v1/models/..%2f..%2fadmin",
    "/v1beta/models/../x:generateContent",
    "/v1beta/models/a%2f..%2fb:generateContent",
    "/v1/chat/completions/",
    "//v1/chat/completions",
    "/V1/chat/completions",
  ]) {
    expect(operationOf("POST", path), path).toBeNull();
    expect(operationOf("GET", path), path).toBeNull();
  }
});
