import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ledgerOperations } from "./ledger/operations.ts";
import { buildOpenApiDocument } from "./openapi-document.ts";

interface Operation {
  operationId?: string;
  security?: unknown[];
  responses: Record<string, { content?: Record<string, unknown> }>;
}

async function operations(): Promise<Map<string, Operation>> {
  const document: { paths: Record<string, Record<string, Operation>> } = JSON.parse(
    await buildOpenApiDocument(),
  );
  const entries = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
  return new Map(entries.filter(([name]) => !name.startsWith("head ")));
}

test("gateway/openapi.json is up to date (else: pnpm exec node scripts/generate-openapi.ts)", async () => {
  const committed = await readFile(join(import.meta.dirname, "..", "..", "openapi.json"), "utf8");
  expect(committed).toBe(await buildOpenApiDocument());
});

test("every operation of the API has an id of its own, needs a session, and tells its problems", async () => {
  const api = [...(await operations())].filter(([name]) => name.includes(" /api/"));
  const ledger = new Set(ledgerOperations.map(({ name }) => `post /api/ledger/${name}`));
  expect(
    api
      .map(([name]) => name)
      .filter((name) => !ledger.has(name))
      .toSorted(),
  ).toEqual([
    "delete /api/grants/{id}",
    "delete /api/keys/{id}",
    "delete /api/me/grants/{id}",
    "get /api/budgets",
    "get /api/decisions",
    "get /api/decisions/{id}",
    "get /api/keys",
    "get /api/ledger/status",
    "get /api/me",
    "get /api/me/accesses",
    "get /api/me/budgets",
    "get /api/me/grants",
    "get /api/me/history",
    "get /api/me/stops",
    "get /api/policies/status",
    "get /api/unpriced-models",
    "get /api/usage",
    "post /api/budgets/{id}/raises",
    "post /api/device-login/decide",
    "post /api/device-login/find",
    "post /api/keys",
    "post /api/keys/{id}/rotate",
    "post /api/me/grants",
    "post /api/me/stops",
    "post /api/me/stops/{id}/lift",
    "post /api/prices/recompute",
    "post /api/session/end",
    "post /api/stops",
    "post /api/stops/show",
    "post /api/stops/{id}/lift",
  ]);
  expect(new Set(api.map(([, operation]) => operation.operationId)).size).toBe(api.length);
  for (const [, operation] of api) {
    expect(operation.security).toEqual([{ session: [] }]);
    expect(operation.responses["401"]?.content).toHaveProperty(["application/problem+json"]);
  }
});
