// Vertical escalation over every route, generated from the OpenAPI document.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOperations, requestOf } from "../../../control/testing/api-operations.ts";
import { type ControlFixture, controlToken } from "../../../control/testing/control-fixture.ts";
import {
  createSignInFixture,
  type SignInFixture,
} from "../../../control/testing/sign-in-fixture.ts";
import { storeState } from "../../../control/testing/store-state.ts";
import { createKey } from "../../../control/keys/create.ts";
import { isOwn, isPermission, isPermitted, permissions, roleNames } from "../../permissions.ts";

const host = "127.0.0.1:7778";
let fixture: SignInFixture;

beforeAll(async () => {
  fixture = await createSignInFixture();
  await addPeople(fixture);
  await fixture.app.ready();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** One for each role and nothing else, and two whose roles there are not. */
const rolesOf: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(roleNames.map((role) => [`only-${role}`, [role]])),
  nobody: [],
  impostor: ["superuser", "__proto__", "constructor", "toString", "Admin", "admin "],
};

async function addPeople({ store, clock }: ControlFixture): Promise<void> {
  const common = { teamId: "beta", source: "oidc", createdAtMs: clock.nowMs } as const;
  for (const [id, roles] of Object.entries(rolesOf)) {
    const row = { id, name: id, roles: JSON.stringify(roles), removedAtMs: null, ...common };
    await store.insertInto("people").values(row).execute();
  }
}

const operations = () => apiOperations(fixture.app);
const behindSession = () => operations().filter(({ needsSession }) => needsSession);

async function ask(operation: ReturnType<typeof operations>[number], headers: object) {
  const answer = await fixture.app.inject({
    ...requestOf(operation),
    headers: { host, ...headers },
  });
  const isProblem = answer.body !== "" && answer.statusCode >= 400;
  return { status: answer.statusCode, code: isProblem ? answer.json().code : "" };
}

/** Without what every sign-in adds. */
async function effects(): Promise<string> {
  const { sessions: _, loginTokens: __, adminLog, ...rest } = await storeState(fixture.store);
  const changes = (adminLog ?? []).filter(
    (row) => !/^(?:login-link|session)\./.test(String(Object(row).action)),
  );
  return JSON.stringify({ ...rest, changes });
}

describe("vertical escalation", () => {
  test.each(Object.entries(rolesOf))(
    "%s gets through exactly where the table says",
    async (personId, roles) => {
      const through: string[] = [];
      for (const operation of behindSession()) {
        const before = await effects();
        const { status, code } = await ask(operation, await fixture.signIn(personId));
        if (status !== 403) {
          expect([operation.name, status], operation.name).not.toContain(401);
          through.push(operation.name);
          continue;
        }
        if (operation.method !== "HEAD")
          expect([operation.name, code]).toEqual([operation.name, "WEIR_NOT_PERMITTED"]);
        expect(await effects(), `${operation.name} was refused, and did it`).toBe(before);
      }
      const permitted = behindSession().filter(({ permission }) =>
        permissions.some((each) => each === permission && isPermitted(roles, each)),
      );
      expect(through).toEqual(permitted.map(({ name }) => name));
    },
  );

  test("nobody but an admin gets through to anything that changes what is not their own", () => {
    const isReading =
      /^(?:GET|HEAD) |\/(?:overview|audit-rows|content-show|dead-letters-list|person-history|stops\/show)$/;
    for (const { name, permission } of behindSession()) {
      if (isReading.test(name)) continue;
      for (const role of roleNames) {
        if (role === "admin") continue;
        const isAllowed = permissions.some(
          (each) => each === permission && isPermitted([role], each),
        );
        const isTheirs = permission !== undefined && isPermission(permission) && isOwn(permission);
        const isSecurity = role === "security" && /\/api\/stops\b/.test(name);
        expect([name, role, isAllowed]).toEqual([name, role, isTheirs || isSecurity]);
      }
    }
  });
});

const stale: Readonly<Record<string, (personId: string) => Promise<object>>> = {
  "no session": async () => ({ "x-weir-csrf": "1", "sec-fetch-site": "same-origin" }),
  "an empty cookie": async () => ({ cookie: "weir_session=", "x-weir-csrf": "1" }),
  "an idle session": async (personId) => {
    const headers = await fixture.signIn(personId);
    await fixture.store.updateTable("sessions").set({ lastSeenAtMs: 0 }).execute();
    return headers;
  },
  "an expired session": async (personId) => {
    const headers = await fixture.signIn(personId);
    const { nowMs } = fixture.clock;
    await fixture.store.updateTable("sessions").set({ expiresAtMs: nowMs }).execute();
    return headers;
  },
  "an ended session": async (personId) => {
    const headers = await fixture.signIn(personId);
    const url = "/api/session/end";
    await fixture.app.inject({ method: "POST", url, headers });
    return headers;
  },
  "the session of a person who was removed": async () => {
    const row = {
      id: "gone",
      name: "gone",
      teamId: "beta",
      roles: '["admin"]',
      source: "oidc",
    } as const;
    const { store, clock } = fixture;
    const values = { ...row, createdAtMs: clock.nowMs, removedAtMs: null };
    const insertion = store.insertInto("people").values(values);
    await insertion
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ removedAtMs: null }))
      .execute();
    const headers = await fixture.signIn("gone");
    await store.updateTable("people").set({ removedAtMs: 1 }).where("id", "=", "gone").execute();
    return headers;
  },
  "the control token": async () => ({
    authorization: `Bearer ${controlToken}`,
    cookie: `weir_session=${controlToken}`,
    "x-weir-csrf": "1",
  }),
  "a key of the data plane": async (personId) => {
    const { key } = await createKey(fixture.context, { name: "ci", personId });
    return {
      authorization: `Bearer ${key}`,
      "x-api-key": key,
      cookie: `weir_session=${key}`,
      "x-weir-csrf": "1",
    };
  },
  "the hash that the store keeps of a session": async (personId) => {
    const headers = await fixture.signIn(personId);
    const rows = await fixture.store.selectFrom("sessions").select("hash").execute();
    return { ...headers, cookie: `weir_session=${rows.at(-1)?.hash ?? ""}` };
  },
};

test.each(Object.entries(stale))("%s opens no route, even an admin's", async (_what, headersOf) => {
  for (const operation of behindSession()) {
    const headers = await headersOf("only-admin");
    const before = await effects();
    const { status } = await ask(operation, headers);
    expect([operation.name, status]).toEqual([operation.name, 401]);
    expect(await effects(), operation.name).toBe(before);
  }
});

const internal = () =>
  fixture.app.declaredRoutes.filter(({ permission }) => permission === "control-token");

test("what is between proxies and control opens for no session, no key and no other token", async () => {
  const session = await fixture.signIn("only-admin");
  const { key } = await createKey(fixture.context, { name: "ci", personId: "only-admin" });
  const secret = /weir_session=(.*)$/.exec(session["cookie"] ?? "")?.[1] ?? "";
  const wrong = [
    "",
    "Bearer ",
    `Bearer ${secret}`,
    `Bearer ${key}`,
    `Basic ${controlToken}`,
    controlToken,
  ];
  expect(internal().length).toBeGreaterThanOrEqual(3);
  for (const { method, url } of internal()) {
    if (method !== "GET" && method !== "POST") throw new Error(`test ${method} too`);
    for (const authorization of wrong) {
      const headers = { ...session, authorization };
      const answer = await fixture.app.inject({
        method,
        url,
        headers,
        ...(method === "POST" && { payload: { uses: [] } }),
      });
      expect([url, authorization, answer.statusCode]).toEqual([url, authorization, 401]);
    }
  }
});

test("another spelling of a path leads past no check", async () => {
  const headers = await fixture.signIn("only-employee");
  for (const operation of behindSession()) {
    const { permission } = operation;
    if (permissions.some((each) => each === permission && isPermitted(["employee"], each)))
      continue;
    const { method, url, payload } = requestOf(operation);
    const [path = "", query = ""] = url.split("?");
    const spellings = [
      `${path}/`,
      `/${path}`,
      path.toUpperCase(),
      path.replace("/api/", "/api/./"),
      path.replace("/api/", "/api//"),
      path.replace("/api/", "/api/me/../"),
      path.replace("/api/", "/%61pi/"),
      path.replace("/api/", "/api%2f"),
      `${path}%00`,
      `${path};x=1`,
      `${path}?`,
    ];
    for (const spelling of spellings) {
      const request = { method, url: `${spelling}?${query}`, headers, ...(payload && { payload }) };
      const { statusCode, headers: answered } = await fixture.app.inject(request);
      // What is no path of the API is one of the console's, which shows a page for every path.
      const isPage = String(answered["content-type"]).startsWith("text/html");
      const isRefused = isPage || [400, 403, 404].includes(statusCode);
      expect([spelling, statusCode, isRefused]).toEqual([spelling, statusCode, true]);
    }
  }
});

test("a header that says another method is no such method", async () => {
  const headers = {
    ...(await fixture.signIn("only-employee")),
    "x-http-method-override": "DELETE",
  };
  const { record } = await createKey(fixture.context, { name: "ci", personId: "only-admin" });
  const url = `/api/keys/${record.id}`;
  for (const method of ["GET", "POST"] as const)
    expect((await fixture.app.inject({ method, url, headers })).statusCode).toBe(404);
});
