// Others' rows over every route that shows them: never without a purpose, a policy that allows it,
// and a record that was written first. Generated from the routes' declarations.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import type { AccessEvent } from "../../../contracts/audit-event.ts";
import type { LedgerHost } from "../../../control/ledger/host.ts";
import { setStop } from "../../../control/stops/set-stop.ts";
import { auditUnavailable } from "../../../control/store/change.ts";
import { apiOperations, requestOf } from "../../../control/testing/api-operations.ts";
import { type CannedLedger, createCannedLedger } from "../../../control/testing/canned-ledger.ts";
import {
  allowView,
  type ControlFixture,
  createControlFixture,
  problemOf,
} from "../../../control/testing/control-fixture.ts";
import type { DecideView, View, ViewQuestion } from "../../../control/views/view.ts";
import { encodeRecord } from "../../../ledger/rows/record.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { isOwn, permissions } from "../../permissions.ts";

const row = {
  id: "call-1",
  name: "id",
  type: "String",
  day: 20261123,
  atMs: 1,
  personId: "bob",
  teamId: "beta",
  dialect: "anthropic",
  requestBytes: 1,
  responseBytes: 1,
  truncated: false,
  sealed: "c2VhbGVk",
};

let fixture: ControlFixture;
let ledger: CannedLedger;
let accesses: AccessEvent[];
let asked: ViewQuestion[];
/** What happened, in order. */
let events: string[];
let decideView: DecideView;
let recordAccess: LedgerHost["recordAccess"];

beforeEach(async () => {
  accesses = [];
  asked = [];
  events = [];
  ledger = await createCannedLedger(row);
  decideView = allowView;
  recordAccess = async (event) => {
    events.push("recorded");
    accesses.push(event);
  };
  const views: Pick<LedgerHost, "decideView" | "recordAccess"> = {
    decideView: (actor, question) => {
      events.push("decided");
      asked.push(question);
      return decideView(actor, question);
    },
    recordAccess: (event) => recordAccess(event),
  };
  fixture = await createControlFixture({
    views,
    ledgerHost: async (actor) => ({
      config: loadConfig({ env: {}, cwd: fixture.directory, flags: {}, needsSecrets: false }),
      dataDir: fixture.directory,
      client: ledger.client,
      context: { ...fixture.context, actor },
      log: pino({ enabled: false }),
      shipNow: () => Promise.resolve(),
      whilePaused: (work) => work(),
      ...views,
    }),
  });
  await addDeadLetter();
  const belonging = { teamId: "beta", managerId: "manager-3", costCenter: "cc-2", fromMs: 1 };
  const rows = fixture.store.insertInto("personHistory");
  // Of the person whom requests that are made by their schemas name.
  await rows.values({ personId: "x", untilMs: null, ...belonging }).execute();
  await setStop(fixture.context, { kind: "agent", target: "person-3", reason: "a loop" });
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await ledger[Symbol.asyncDispose]();
});

async function addDeadLetter(): Promise<void> {
  const folder = join(fixture.directory, "spool", "dead-letters");
  await mkdir(folder, { recursive: true });
  const { fields, version } = encodeRecord({ type: "call", event: sampleCall(3) });
  const letter = {
    spoolId: "x",
    epoch: 1,
    sequence: 1,
    table: "calls",
    version,
    partition: "20261123",
    atMs: 1,
    code: "CLICKHOUSE_27",
    reason: "no such number",
    line: `x\t1\t1${fields}`,
  };
  await writeFile(join(folder, "x.ndjson"), `${JSON.stringify(letter)}\n`);
}

async function showing(shows: View["shows"]) {
  await fixture.app.ready();
  const { declaredRoutes } = fixture.app;
  return apiOperations(fixture.app).flatMap((operation) => {
    const url = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    const route = declaredRoutes.find(
      (each) => each.url === url && each.method === operation.method,
    );
    return route?.view?.shows === shows ? [{ operation, resource: route.view.resource }] : [];
  });
}

async function ask(
  operation: Awaited<ReturnType<typeof showing>>[number]["operation"],
  changes = {},
) {
  const { method, url, payload } = requestOf(operation);
  const headers = await fixture.signIn("ada");
  const body = payload === undefined ? {} : { payload: { ...payload, ...changes } };
  return fixture.app.inject({ method, url, headers, ...body });
}

const deny: DecideView = () =>
  Promise.resolve({ isAllowed: false, ruleIds: ["view.office_hours"], message: "Not at night." });

/** What could have been handed out: of the answer, and of the folder for exports. */
async function handedOut(body: string): Promise<string[]> {
  const exported = await readdir(join(fixture.directory, "exports")).catch(() => []);
  const values = ["call-1", "call-3", "person-3", "c2VhbGVk", "manager-3"];
  return [...values.filter((value) => body.includes(value)), ...exported];
}

test("every operation that is for more than one's own says what it shows", async () => {
  await fixture.app.ready();
  const unclear = fixture.app.declaredRoutes.filter(
    ({ permission, view }) =>
      permissions.some((each) => each === permission && !isOwn(each)) && view === null,
  );
  expect(unclear).toEqual([]);
  expect((await showing("rows")).map(({ operation }) => operation.name)).toEqual([
    "POST /api/ledger/content-show",
    "POST /api/ledger/export",
    "POST /api/ledger/dead-letters-show",
    "POST /api/ledger/person-history",
    "POST /api/stops/show",
  ]);
});

test("a route that is for more than one's own cannot be added without saying so", async () => {
  await using another = await createControlFixture();
  const config = { permission: "ledger:read" } as const;
  expect(() => another.app.get("/api/new", { config }, () => ({}))).toThrow(
    "does not declare what it shows",
  );
});

test("others' rows are handed out once policy has allowed it and it is on record, in this order", async () => {
  for (const { operation, resource } of await showing("rows")) {
    events.length = 0;
    accesses.length = 0;
    const answer = await ask(operation, { purpose: "audit of November" });
    expect([operation.name, answer.statusCode]).toEqual([operation.name, 200]);
    expect(events.slice(0, 2)).toEqual(["decided", "recorded"]);
    expect(await handedOut(answer.body), operation.name).not.toEqual([]);
    const [access] = accesses;
    expect(access).toMatchObject({ actor: "person:ada", resource, purpose: "audit of November" });
    expect(access?.personId).not.toBe("");
    expect(asked.at(-1)).toMatchObject({ resource, purpose: "audit of November" });
  }
});

test.each([undefined, "", " \t\n", "\u2003"])(
  "others' rows are never handed out for the purpose %j",
  async (purpose) => {
    for (const { operation } of await showing("rows")) {
      const answer = await ask(operation, { purpose });
      expect([operation.name, answer.statusCode]).toEqual([operation.name, 400]);
      expect(await handedOut(answer.body)).toEqual([]);
      expect(events).toEqual([]);
    }
  },
);

test("others' rows are never handed out when that cannot be recorded", async () => {
  recordAccess = () => Promise.reject(auditUnavailable());
  for (const { operation } of await showing("rows")) {
    const answer = await ask(operation);
    expect([operation.name, answer.statusCode]).toEqual([operation.name, 503]);
    expect(await handedOut(answer.body)).toEqual([]);
  }
});

test("a policy that denies keeps others' rows back, says why, and the denial is on record", async () => {
  decideView = deny;
  for (const { operation, resource } of await showing("rows")) {
    accesses.length = 0;
    const answer = await ask(operation, { purpose: "curiosity" });
    expect([operation.name, answer.statusCode]).toEqual([operation.name, 403]);
    const { code, detail } = answer.json<{ code: string; detail: string }>();
    expect([code, detail]).toEqual(["WEIR_VIEW_DENIED", "Not at night."]);
    expect(await handedOut(answer.body)).toEqual([]);
    expect(accesses).toMatchObject([
      { actor: "person:ada", resource: `${resource}.denied`, purpose: "curiosity" },
    ]);
    expect(JSON.parse(accesses[0]?.question ?? "")).toMatchObject({
      deniedBy: ["view.office_hours"],
    });
  }
});

test("a policy that denies keeps figures back before anything is asked of the ledger", async () => {
  decideView = deny;
  const figures = await showing("figures");
  expect(figures.length).toBeGreaterThanOrEqual(7);
  for (const { operation, resource } of figures) {
    accesses.length = 0;
    const answer = await ask(operation);
    expect([operation.name, answer.statusCode]).toEqual([operation.name, 403]);
    if (operation.method !== "HEAD") expect(problemOf(answer.body).code).toBe("WEIR_VIEW_DENIED");
    // It was nobody's data in particular, so nobody in particular is told.
    expect(accesses).toMatchObject([{ resource: `${resource}.denied`, personId: "" }]);
  }
  expect(ledger.questions).toEqual([]);
});

test("who lacks the permission is refused before any policy is asked: policies only narrow", async () => {
  for (const shows of ["rows", "figures"] as const) {
    for (const { operation } of await showing(shows)) {
      const headers = await fixture.signIn("bob");
      const answer = await fixture.app.inject({ ...requestOf(operation), headers });
      expect(answer.statusCode).toBe(403);
    }
  }
  expect(events).toEqual([]);
});

test("a route that forgets to record whose rows it reads does not hand them out", async () => {
  await using forgetful = await createControlFixture();
  const view = { shows: "rows", resource: "all" } as const;
  const config = { permission: "ledger:operate", view } as const;
  forgetful.app.get("/api/forgetful", { config }, async () => ({ secret: "of-bob" }));
  const headers = await forgetful.signIn("ada");
  const answer = await forgetful.app.inject({ url: "/api/forgetful", headers });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain("of-bob");
});
