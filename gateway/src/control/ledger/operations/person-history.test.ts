import { createClient } from "@clickhouse/client";
import { pino } from "pino";
import { expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import type { AccessEvent } from "../../../contracts/audit-event.ts";
import { syncDirectory } from "../../directory/sync.ts";
import { auditUnavailable } from "../../store/change.ts";
import {
  allowView,
  type ControlFixture,
  createControlFixture,
  plan,
} from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { personHistoryOperation } from "./person-history.ts";

function hostOf(
  { directory, context }: ControlFixture,
  recordAccess: LedgerHost["recordAccess"],
): LedgerHost {
  return {
    config: loadConfig({ env: {}, cwd: directory, flags: {}, needsSecrets: false }),
    dataDir: directory,
    client: createClient(),
    context: { ...context, actor: "person:ada" },
    log: pino({ enabled: false }),
    recordAccess,
    shipNow: () => Promise.resolve(),
    decideView: allowView,
    whilePaused: (work) => work(),
  };
}

/** Bob changes from beta to alpha after a second. */
async function move({ context, clock }: ControlFixture): Promise<void> {
  clock.nowMs += 1_000;
  const people = plan.people.map((person) =>
    person.id === "bob" ? { ...person, teamId: "alpha", managerId: "ada" } : person,
  );
  await syncDirectory(context, { ...plan, people });
}

test("a person's history is read with a purpose, which is on record first", async () => {
  await using fixture = await createControlFixture();
  await move(fixture);
  const accesses: AccessEvent[] = [];
  const host = hostOf(fixture, async (event) => void accesses.push(event));
  const request = { personId: "bob", purpose: "invoice of October" };
  const { value } = await personHistoryOperation.run(host, request).next();
  const atMs = fixture.clock.nowMs;
  expect(value).toEqual({
    belongings: [
      { teamId: "alpha", managerId: "ada", costCenter: "cc-1", fromMs: atMs, untilMs: null },
      expect.objectContaining({ teamId: "beta", managerId: null, untilMs: atMs }),
    ],
  });
  expect(accesses).toMatchObject([
    {
      personId: "bob",
      actor: "person:ada",
      resource: "directory.history",
      purpose: request.purpose,
    },
  ]);
});

test("what cannot be put on record is not shown, and neither is who is not there", async () => {
  await using fixture = await createControlFixture();
  const failing = hostOf(fixture, () => Promise.reject(auditUnavailable(new Error("disk full"))));
  const request = { personId: "bob", purpose: "why" };
  await expect(personHistoryOperation.run(failing, request).next()).rejects.toMatchObject({
    code: "WEIR_AUDIT_UNAVAILABLE",
  });
  const host = hostOf(fixture, () => Promise.resolve());
  const nobody = { ...request, personId: "zoe" };
  await expect(personHistoryOperation.run(host, nobody).next()).rejects.toMatchObject({
    code: "WEIR_PERSON_NOT_FOUND",
  });
});

test("everybody sees their own history, and no other's", async () => {
  await using fixture = await createControlFixture();
  await move(fixture);
  const headers = await fixture.signIn("bob");
  const own = await fixture.app.inject({ url: "/api/me/history?personId=ada", headers });
  expect(own.json().belongings.map(({ teamId }: { teamId: string }) => teamId)).toEqual([
    "alpha",
    "beta",
  ]);
});
