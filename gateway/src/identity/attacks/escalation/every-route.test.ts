import { afterAll, beforeAll, expect, test } from "vitest";
import { apiOperations } from "../../../control/testing/api-operations.ts";
import {
  createSignInFixture,
  type SignInFixture,
} from "../../../control/testing/sign-in-fixture.ts";
import { permissions, type RouteAccess } from "../../permissions.ts";

let fixture: SignInFixture;
beforeAll(async () => {
  fixture = await createSignInFixture();
  await fixture.app.ready();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** What the OpenAPI document leaves out, and for whom it is: whoever adds one has to say so here. */
const undocumented: Readonly<Record<string, RouteAccess>> = {
  "GET /.well-known/oauth-authorization-server": "public",
  "GET /.well-known/oauth-protected-resource": "public",
  "GET /api/openapi.json": "public",
  "GET /auth/callback": "public",
  "GET /auth/options": "public",
  "GET /auth/sign-in": "public",
  "GET /auth/sign-out": "public",
  "GET /internal/budgets/spent": "control-token",
  "GET /internal/snapshot": "control-token",
  "GET /login": "public",
  "GET /oauth/jwks": "public",
  "GET /scim/v2/ResourceTypes/{name}": "scim-token",
  "GET /scim/v2/Schemas/{name}": "scim-token",
  // Whatever else is asked for there is answered in the words of SCIM, and needs the token first.
  "DELETE /scim/v2/*": "scim-token",
  "GET /scim/v2/*": "scim-token",
  "PATCH /scim/v2/*": "scim-token",
  "POST /scim/v2/*": "scim-token",
  "PUT /scim/v2/*": "scim-token",
  "POST /auth/backchannel-logout": "public",
  "POST /internal/key-use": "control-token",
  "POST /internal/stops/pauses": "control-token",
  "POST /oauth/device_authorization": "public",
  "POST /oauth/revoke": "public",
  "POST /oauth/token": "public",
};

const publicOperations = ["GET /livez", "GET /readyz", "GET /version"];

const documentedName = (url: string) => url.replaceAll(/:(\w+)/g, "{$1}");

test("every route is in the OpenAPI document or in the table of those that are not", () => {
  const documented = new Set(apiOperations(fixture.app).map(({ name }) => name));
  const left = fixture.app.declaredRoutes
    .filter(({ method, url }) => method !== "HEAD" && url !== "/*")
    .map(({ method, url, permission }) => ({
      name: `${method} ${documentedName(url)}`,
      permission,
    }))
    .filter(({ name }) => !documented.has(name));
  expect(Object.fromEntries(left.map(({ name, permission }) => [name, permission]))).toEqual(
    undocumented,
  );
});

test("every documented operation behind a session asks for a permission of the table, SCIM for its token, and no other is public", () => {
  const operations = apiOperations(fixture.app);
  const known: readonly string[] = permissions;
  for (const { name, permission, isScim } of operations)
    expect([name, permission === "scim-token"]).toEqual([name, isScim]);
  const open = operations.filter(
    ({ permission, isScim }) => !known.includes(permission ?? "") && !isScim,
  );
  expect(
    open
      .filter(({ method }) => method !== "HEAD")
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(publicOperations);
  for (const { name, permission, needsSession } of operations)
    expect([name, needsSession]).toEqual([name, known.includes(permission ?? "")]);
});

test("HEAD asks for what GET does", () => {
  const { declaredRoutes } = fixture.app;
  for (const { method, url, permission } of declaredRoutes) {
    if (method !== "HEAD") continue;
    const get = declaredRoutes.find((route) => route.method === "GET" && route.url === url);
    expect([url, get?.permission]).toEqual([url, permission]);
  }
});

test("every permission of the table opens something, save those that commands alone use", () => {
  const used = new Set(fixture.app.declaredRoutes.map(({ permission }) => permission));
  expect(permissions.filter((permission) => !used.has(permission))).toEqual(["keys:manage"]);
});
