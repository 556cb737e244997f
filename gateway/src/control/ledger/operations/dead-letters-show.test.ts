import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import type { AccessEvent } from "../../../contracts/audit-event.ts";
import { encodeRecord, type LedgerRecord, layouts } from "../../../ledger/rows/record.ts";
import type { DeadLetter } from "../../../ledger/ship/dead-letters.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { type Actor, auditUnavailable } from "../../store/change.ts";
import {
  allowView,
  type ControlFixture,
  createControlFixture,
  problemOf,
} from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { deadLettersShowOperation } from "./dead-letters-show.ts";

let fixture: ControlFixture;
let app: FastifyInstance;
let accesses: AccessEvent[];
let recordAccess: LedgerHost["recordAccess"];

beforeEach(async () => {
  accesses = [];
  recordAccess = async (event) => {
    accesses.push(event);
  };
  fixture = await createControlFixture({ ledgerHost: async (actor) => hostOf(actor) });
  ({ app } = fixture);
  await mkdir(join(fixture.directory, "spool", "dead-letters"), { recursive: true });
});

afterEach(() => fixture[Symbol.asyncDispose]());

function hostOf(actor: Actor): LedgerHost {
  const { directory, context } = fixture;
  return {
    config: loadConfig({ env: {}, cwd: directory, flags: {}, needsSecrets: false }),
    dataDir: directory,
    client: createClient(),
    context: { ...context, actor },
    log: pino({ enabled: false }),
    recordAccess: (event) => recordAccess(event),
    shipNow: () => Promise.resolve(),
    decideView: allowView,
    whilePaused: (work) => work(),
  };
}

async function fill(record: LedgerRecord, changes: Partial<DeadLetter> = {}): Promise<void> {
  const { fields, version } = encodeRecord(record);
  const letter: DeadLetter = {
    spoolId: "proxy-0",
    epoch: 1,
    sequence: 7,
    table: layouts[record.type].table,
    version,
    partition: "20261123",
    atMs: 1000,
    code: "CLICKHOUSE_27",
    reason: "no such number",
    line: `proxy-0\t1\t7${fields}`,
    ...changes,
  };
  const path = join(fixture.directory, "spool", "dead-letters", "proxy-0.ndjson");
  await writeFile(path, `${JSON.stringify(letter)}\n`);
}

const request = { spool: "proxy-0", sequence: 7, purpose: "why it was refused" };
const call = (index: number) => ({ type: "call", event: sampleCall(index) }) as const;
const show = () => collect(deadLettersShowOperation.run(hostOf("command-line"), request));

async function post(payload: object, personId = "ada") {
  const headers = await fixture.signIn(personId);
  return app.inject({ method: "POST", url: "/api/ledger/dead-letters-show", headers, payload });
}

describe("showing a dead letter", () => {
  test("bug: is on record with its purpose and the person before anything is handed out", async () => {
    await fill(call(3));
    const steps = deadLettersShowOperation.run(hostOf("command-line"), request);
    const events: string[] = [];
    recordAccess = async (event) => {
      events.push("recorded");
      accesses.push(event);
    };
    for await (const { columns } of steps) events.push(columns["id"] ?? "");
    expect(events).toEqual(["recorded", "call-3"]);
    expect(accesses).toMatchObject([
      {
        atMs: fixture.clock.nowMs,
        actor: "command-line",
        personId: "person-3",
        resource: "ledger.dead-letters",
        purpose: "why it was refused",
      },
    ]);
    const question: unknown = JSON.parse(accesses[0]?.question ?? "");
    expect(question).toEqual({ spool: "proxy-0", epoch: 1, sequence: 7, table: "calls" });
  });

  test("shows nothing when that cannot be recorded", async () => {
    await fill(call(3));
    recordAccess = () => Promise.reject(auditUnavailable());
    await expect(show()).rejects.toMatchObject({ code: "WEIR_AUDIT_UNAVAILABLE" });
    const answer = await post(request);
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain("call-3");
  });

  test("of a row that names no person everybody is told", async () => {
    await fill({ type: "call", event: sampleCall(3, { principal: null }) });
    await show();
    await fill({
      type: "admin",
      event: {
        id: "change-1",
        atMs: fixture.clock.nowMs,
        actor: "person:ada",
        action: "key.revoke",
        entityId: "key-1",
        before: "",
        after: "",
      },
    });
    await show();
    expect(accesses.map(({ personId }) => personId)).toEqual(["*", "*"]);
  });

  test("over the API the one who is signed in is on record", async () => {
    await fill({ type: "call", event: sampleCall(3, { modelRequested: "a\u2028b" }) });
    const answer = await post(request);
    expect(answer.statusCode).toBe(200);
    const columns = { id: "call-3", person_id: "person-3", model_requested: "a\u2028b" };
    expect(answer.json()).toMatchObject({ table: "calls", columns });
    expect(accesses).toMatchObject([{ actor: "person:ada", personId: "person-3" }]);
  });

  test.each([
    { purpose: undefined },
    { purpose: "" },
    { purpose: " \t\n" },
    { purpose: "x".repeat(501) },
    { spool: "../../control" },
    { sequence: -1 },
  ])("bug: %j is refused, and neither shown nor recorded", async (changes) => {
    await fill(call(3));
    const answer = await post({ ...request, ...changes });
    expect(answer.statusCode).toBe(400);
    expect(problemOf(answer.body).code).toBe("WEIR_INVALID_REQUEST");
    expect(accesses).toEqual([]);
  });

  test("attack: who may not work on the ledger sees nothing", async () => {
    await fill(call(3));
    expect((await post(request, "bob")).statusCode).toBe(403);
    expect(accesses).toEqual([]);
  });

  test("names what is not there", async () => {
    await fill(call(3));
    const answer = await post({ ...request, sequence: 8 });
    expect([answer.statusCode, problemOf(answer.body).code]).toEqual([404, "WEIR_NOT_FOUND"]);
  });

  test.each([{ line: "proxy-0\t1\t7\ttorn" }, { version: 99 }])(
    "bug: says of %j that the letter is no row, and where it stands",
    async (damage) => {
      await fill(call(3), damage);
      const answer = await post(request);
      expect(answer.statusCode).toBe(409);
      expect(answer.json()).toMatchObject({
        code: "WEIR_DEAD_LETTER_UNREADABLE",
        detail: expect.stringContaining("spool/dead-letters/proxy-0.ndjson"),
      });
      expect(accesses).toEqual([]);
    },
  );
});
