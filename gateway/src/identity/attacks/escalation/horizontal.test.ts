// Horizontal escalation over every route that a person has for what is their own, generated from
// the OpenAPI document: others' ids in path, query, body and headers.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  apiOperations,
  type ApiRequest,
  type ApiOperation,
  requestOf,
} from "../../../control/testing/api-operations.ts";
import {
  type ControlFixture,
  createControlFixture,
  testBudgets,
} from "../../../control/testing/control-fixture.ts";
import { raiseBudget } from "../../../control/budgets/raise.ts";
import { createKey } from "../../../control/keys/create.ts";
import { type JsonSchema, objectsIn } from "../../../control/testing/sample-of-schema.ts";
import { storeState } from "../../../control/testing/store-state.ts";
import { syncDirectory } from "../../../control/directory/sync.ts";
import { plan } from "../../../control/testing/control-fixture.ts";
import { beginDeviceLogin } from "../../device/device-login.ts";
import { decideDeviceLogin } from "../../device/confirm.ts";
import { isPermitted, type Permission, permissions } from "../../permissions.ts";

const victim = "ada";
const attacker = "bob";
const canary = "canary-of-another";

interface Prey {
  /** Everything of hers that a request could name. */
  readonly ids: readonly string[];
  /** What no answer to anybody else may hold. */
  readonly secrets: readonly string[];
}

let fixture: ControlFixture;
let prey: Prey;
/** Whom the ledger was asked about. */
let asked: string[];

beforeEach(async () => {
  asked = [];
  const about = <T>(personId: string, answer: T) => {
    asked.push(personId);
    return Promise.resolve(answer);
  };
  const page = { nextCursor: null, asOfMs: 1 };
  fixture = await createControlFixture({
    insight: {
      readOwnUsage: (personId) => about(personId, Promise.reject(new Error("no ledger"))),
      readOwnDecisions: (personId) =>
        about(personId, { decisions: [], everDecided: false, ...page }),
      readOwnDecision: (personId) => about(personId, null),
      readOwnAccesses: (personId) => about(personId, { accesses: [], ...page }),
    },
    budgets: {
      inForce: () => Promise.reject(new Error("not asked for")),
      own: ({ personId }) => about(personId, []),
      reports: () => Promise.reject(new Error("not asked for")),
      spent: () => Promise.reject(new Error("not asked for")),
      raise: () => Promise.reject(new Error("not asked for")),
    },
  });
  prey = await addPrey(fixture);
});
afterEach(() => fixture[Symbol.asyncDispose]());

async function addPrey({ context, store, clock, signIn }: ControlFixture): Promise<Prey> {
  const [ada, ...others] = plan.people;
  if (ada === undefined) throw new Error("the plan has people");
  await syncDirectory(context, { ...plan, people: [{ ...ada, name: canary }, ...others] });
  const { key, record } = await createKey(context, { name: canary, personId: victim });
  await raiseBudget(
    context,
    { budgets: testBudgets },
    { budgetId: "each-month", by: 1, untilMs: clock.nowMs + 1, of: victim, reason: canary },
  );
  const { userCode } = await beginDeviceLogin(context, canary);
  const asHerself = { ...context, actor: `person:${victim}` } as const;
  await decideDeviceLogin(asHerself, { personId: victim, userCode, approve: true });
  const { cookie = "" } = await signIn(victim);
  const [session] = await store.selectFrom("sessions").select("hash").execute();
  const secret = cookie.replace("weir_session=", "");
  return {
    ids: [victim, `person:${victim}`, record.id, record.lineageId, key, userCode, secret],
    secrets: [canary, record.hint, key, session?.hash ?? "no session", secret],
  };
}

/** What is hers, without when her sessions were last seen. */
async function hers(): Promise<string> {
  const state = await storeState(fixture.store);
  const rows = ["keys", "sessions", "identities", "deviceLogins", "people", "budgetRaises"];
  return JSON.stringify(
    rows.flatMap((table) =>
      (state[table] ?? []).filter((row) => {
        const { personId, id, counted } = Object(row);
        return [personId, id, counted].includes(victim);
      }),
    ),
  );
}

const isOwn = (permission: ApiOperation["permission"]): permission is Permission =>
  permissions.some((each) => each === permission && isPermitted(["employee"], each));

const extras = ["personId", "person", "person_id", "userId", "sub", "actor", "owner", "teamId"];

/** Every request in which her ids stand where they could. */
function attacksWith(operation: ApiOperation, id: string): ApiRequest[] {
  const plain = requestOf(operation, id);
  const join = plain.url.includes("?") ? "&" : "?";
  const requests = [plain];
  for (const name of extras) {
    const query = `${join}${name}=${encodeURIComponent(id)}`;
    requests.push({ ...plain, url: `${plain.url}${query}` });
  }
  for (const { name } of operation.parameters.filter((each) => each.in === "query")) {
    const url = new URL(plain.url, "http://weir");
    url.searchParams.set(name, id);
    requests.push({ ...plain, url: `${url.pathname}${url.search}` });
  }
  if (operation.body === null) return requests;
  for (const name of [...extras, ...textsIn(operation.body)])
    requests.push({ ...plain, payload: { ...plain.payload, [name]: id } });
  return requests;
}

function textsIn(schema: JsonSchema): string[] {
  return objectsIn(schema).flatMap(([, { properties = {} }]) =>
    Object.keys(properties).filter((name) => properties[name]?.type === "string"),
  );
}

const headersThatClaim = (id: string) => ({
  "x-weir-person": id,
  "x-weir-person-id": id,
  "x-forwarded-user": id,
  "x-remote-user": id,
  "x-user-id": id,
  from: id,
  authorization: `Bearer ${id}`,
});

const fixtureForNames = await createControlFixture();
await fixtureForNames.app.ready();
const own = apiOperations(fixtureForNames.app).filter(({ permission }) => isOwn(permission));
await fixtureForNames[Symbol.asyncDispose]();

describe("horizontal escalation", () => {
  test.each(own.map((operation) => [operation.name, operation] as const))(
    "%s gives an employee nothing of another person, whatever ids they name",
    async (_name, operation) => {
      const before = await hers();
      for (const id of prey.ids) {
        for (const request of attacksWith(operation, id)) {
          const headers = { ...(await fixture.signIn(attacker)), ...headersThatClaim(id) };
          const answer = await fixture.app.inject({ ...request, headers });
          // What the attacker has sent may be named in the answer.
          const given = `${answer.body}${JSON.stringify(answer.headers)}`.replaceAll(id, "");
          for (const secret of prey.secrets) expect(given).not.toContain(secret);
          expect(await hers(), `${request.method} ${request.url}`).toBe(before);
        }
      }
      expect(asked.filter((personId) => personId !== attacker)).toEqual([]);
    },
  );

  test("what an employee does under another's name is recorded as their own doing", async () => {
    for (const operation of own) {
      if (operation.method === "GET" || operation.method === "HEAD") continue;
      for (const request of attacksWith(operation, victim)) {
        const headers = { ...(await fixture.signIn(attacker)), ...headersThatClaim(victim) };
        await fixture.app.inject({ ...request, headers });
      }
    }
    const log = await fixture.store
      .selectFrom("adminLog")
      .select(["actor", "action", "entityId"])
      .where("actor", "=", `person:${victim}`)
      .execute();
    // Her own word on the device and her own sign-in, from before.
    expect(log.map(({ action }) => action).toSorted()).toEqual([
      "device-login.approve",
      "session.start",
    ]);
  });

  test("ids of others that exist are answered as those that do not", async () => {
    for (const operation of own.filter(({ path }) => path.includes("{id}"))) {
      const answers = [];
      for (const id of [prey.ids[2] ?? "", "0198c0de-0000-7000-8000-000000000000"]) {
        const headers = await fixture.signIn(attacker);
        const answer = await fixture.app.inject({ ...requestOf(operation, id), headers });
        const { instance: _, ...problem } = operation.method === "HEAD" ? {} : answer.json();
        answers.push([answer.statusCode, JSON.stringify(problem).replaceAll(id, "")]);
      }
      expect([operation.name, answers[0]]).toEqual([operation.name, answers[1]]);
      expect(answers[0]?.[0]).toBe(404);
    }
  });

  test("a code that another person has said yes to can be neither found nor decided again", async () => {
    const { context } = fixture;
    const { userCode, deviceCode } = await beginDeviceLogin(context, "laptop");
    expect(deviceCode).not.toBe("");
    await decideDeviceLogin(context, { personId: victim, userCode, approve: true });
    for (const [path, payload] of [
      ["find", { userCode }],
      ["decide", { userCode, approve: true }],
      ["decide", { userCode, approve: false }],
    ] as const) {
      const headers = await fixture.signIn(attacker);
      const url = `/api/device-login/${path}`;
      const answer = await fixture.app.inject({ method: "POST", url, headers, payload });
      expect(answer.statusCode).toBe(404);
    }
  });

  test("bug: a key that is given in the place of its id is not repeated in the refusal", async () => {
    const { key } = await createKey(fixture.context, { name: "ci", personId: attacker });
    const headers = await fixture.signIn(attacker);
    const url = `/api/keys/${key}`;
    const answer = await fixture.app.inject({ method: "DELETE", url, headers });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).not.toContain(key.slice(5));
    expect(fixture.logged.join("")).not.toContain(key.slice(5));
  });
});
