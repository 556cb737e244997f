// Members that a body must not have, on every route that takes one, generated from the OpenAPI document.
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiOperations, requestOf } from "../../../control/testing/api-operations.ts";
import {
  type ControlFixture,
  controlToken,
  problemOf,
} from "../../../control/testing/control-fixture.ts";
import { createSignInFixture } from "../../../control/testing/sign-in-fixture.ts";
import { objectsIn } from "../../../control/testing/sample-of-schema.ts";
import { storeState } from "../../../control/testing/store-state.ts";

const host = "127.0.0.1:7778";
const forbidden = [
  "personId",
  "person_id",
  "roles",
  "role",
  "isAdmin",
  "teamId",
  "hash",
  "hint",
  "id",
  "lineageId",
  "rotatedFrom",
  "createdAtMs",
  "revokedAtMs",
  "lastUsedAtMs",
  "source",
  "actor",
  "maxLiveKeys",
  "keyLifetimeMs",
  "budgetId",
];

let fixture: ControlFixture;
beforeAll(async () => {
  fixture = await createSignInFixture();
  await fixture.app.ready();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** RFC 7643 lets SCIM bodies hold what nobody knows: `attacks/scim.test.ts` has what comes of that. */
const withBody = () =>
  apiOperations(fixture.app).filter(({ body, isScim }) => body !== null && !isScim);

async function effects(): Promise<string> {
  const { sessions: _, loginTokens: __, adminLog, ...rest } = await storeState(fixture.store);
  const changes = (adminLog ?? []).filter(
    (row) => !/^(?:login-link|session)\./.test(String(Object(row).action)),
  );
  return JSON.stringify({ ...rest, changes });
}

async function post(url: string, method: "POST" | "PUT" | "PATCH", payload: string) {
  const headers = { ...(await fixture.signIn("ada")), "content-type": "application/json" };
  return fixture.app.inject({ method, url, headers, payload });
}

function bodyMethod(method: string): "POST" | "PUT" | "PATCH" {
  if (method === "POST" || method === "PUT" || method === "PATCH") return method;
  throw new Error(`${method} has a body`);
}

test("every object that a request may hold says which members it may have", () => {
  const open = withBody().flatMap(({ name, body }) =>
    objectsIn(body ?? {})
      .filter(([, schema]) => schema.additionalProperties !== false)
      .map(([path]) => `${name} ${path}`),
  );
  expect(open).toEqual([]);
});

test("without any of that, every request is one that its schemas let through", async () => {
  for (const operation of apiOperations(fixture.app).filter(({ needsSession }) => needsSession)) {
    const headers = await fixture.signIn("ada");
    const answer = await fixture.app.inject({ ...requestOf(operation, "each-month"), headers });
    const invalid = answer.statusCode === 400 ? problemOf(answer.body).errors : undefined;
    expect([operation.name, invalid]).toEqual([operation.name, undefined]);
  }
});

test("a member that is not in the schema is refused by name, and nothing is done", async () => {
  for (const operation of withBody()) {
    const known = Object.keys(operation.body?.properties ?? {});
    const { url, payload } = requestOf(operation, "each-month");
    for (const name of forbidden.filter((each) => !known.includes(each))) {
      const before = await effects();
      const body = JSON.stringify({ ...payload, [name]: "ada" });
      const answer = await post(url, bodyMethod(operation.method), body);
      expect([operation.name, name, answer.statusCode]).toEqual([operation.name, name, 400]);
      expect(problemOf(answer.body).errors?.map(({ path }) => path)).toContain(`body/${name}`);
      expect(await effects()).toBe(before);
    }
  }
});

test.each([
  `"__proto__":{"roles":["admin"]}`,
  `"__proto__":null`,
  `"\\u005f_proto__":{"personId":"ada"}`,
  `"constructor":{"prototype":{"roles":["admin"]}}`,
  `"constructor":"x"`,
  `"toString":"x"`,
  `"hasOwnProperty":1`,
])("a body with %s is refused, and no object changes its nature", async (member) => {
  for (const operation of withBody()) {
    const { url, payload } = requestOf(operation, "each-month");
    const inner = JSON.stringify(payload).slice(1, -1);
    const body = `{${inner}${inner === "" ? "" : ","}${member}}`;
    const before = await effects();
    const answer = await post(url, bodyMethod(operation.method), body);
    expect([operation.name, answer.statusCode]).toEqual([operation.name, 400]);
    expect(await effects()).toBe(before);
  }
  expect(Object(Object.prototype).roles).toBeUndefined();
  expect(Object(Object.prototype).personId).toBeUndefined();
});

test("a body that is no object, or says one thing twice, is refused", async () => {
  for (const operation of withBody()) {
    const { url } = requestOf(operation, "each-month");
    for (const body of ["[]", "null", '"x"', "1", "[{}]"]) {
      const answer = await post(url, bodyMethod(operation.method), body);
      expect([operation.name, body, answer.statusCode]).toEqual([operation.name, body, 400]);
    }
  }
});

const smuggled = {
  person_id: "ada",
  personId: "ada",
  roles: "admin",
  state: "approved",
  keyId: "x",
};

test("what a form has over and above is passed over: no device says whose it is", async () => {
  const headers = { host, "content-type": "application/x-www-form-urlencoded" };
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
  const payload = form({ client_id: "weir-cli", device_name: "x", ...smuggled });
  const url = "/oauth/device_authorization";
  const begun = await fixture.app.inject({ method: "POST", url, headers, payload });
  expect(begun.statusCode).toBe(200);
  const [row] = await fixture.store.selectFrom("deviceLogins").selectAll().execute();
  expect(row).toMatchObject({ personId: null, state: "pending", keyId: null });
  const grantType = "urn:ietf:params:oauth:grant-type:device_code";
  const fields = {
    grant_type: grantType,
    client_id: "weir-cli",
    device_code: begun.json().device_code,
  };
  const asked = await fixture.app.inject({
    method: "POST",
    url: "/oauth/token",
    headers,
    payload: form({ ...fields, ...smuggled }),
  });
  expect([asked.statusCode, asked.json()]).toEqual([400, { error: "authorization_pending" }]);
  const twice = await fixture.app.inject({
    method: "POST",
    url,
    headers,
    payload: `${payload}&client_id=other`,
  });
  expect(twice.statusCode).toBe(400);
  const inherited = await fixture.app.inject({
    method: "POST",
    url: "/oauth/token",
    headers,
    payload: "grant_type=constructor&__proto__=x",
  });
  expect(inherited.json()).toEqual({ error: "unsupported_grant_type" });
});

test("a proxy's report says when a key was used, and nothing else of it", async () => {
  const headers = { host, authorization: `Bearer ${controlToken}` };
  const url = "/internal/key-use";
  for (const use of [
    { secretId: "x", atMs: 1, personId: "ada" },
    { secretId: "x", atMs: 1, expiresAtMs: 9 },
  ]) {
    const answer = await fixture.app.inject({
      method: "POST",
      url,
      headers,
      payload: { uses: [use] },
    });
    expect(answer.statusCode).toBe(400);
  }
});
