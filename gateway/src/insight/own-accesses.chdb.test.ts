import { randomUUID } from "node:crypto";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AccessesQuery, AccessPage } from "../contracts/api/accesses.ts";
import type { AccessEvent } from "../contracts/audit-event.ts";
import { insertAccesses } from "../ledger/testing/insert-events.ts";
import { readOwnAccesses } from "./own-accesses.ts";
import { openTestLedger, type TestLedger } from "./testing/test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const atMs = Date.UTC(2026, 2, 2, 12);
const names = new Map([["sam", "Sam Auditor"]]);

function access(personId: string, changes: Partial<AccessEvent> = {}): AccessEvent {
  return {
    id: randomUUID(),
    atMs,
    actor: "person:sam",
    personId,
    resource: "ledger.export",
    purpose: "Yearly audit",
    question: JSON.stringify({ people: ["ada", "bob"] }),
    ...changes,
  };
}

function ask(personId: string, query: AccessesQuery = {}): Promise<AccessPage> {
  const namesOf = () => Promise.resolve(names);
  return readOwnAccesses(ledger.client, { personId, query, nowMs: atMs, namesOf });
}

test("a person sees looks at their own data and at everybody's, not those at another's", async () => {
  const own = access("ada");
  const all = access("*", { atMs: atMs + 1, actor: "command-line", purpose: "It's the\nbackup" });
  await insertAccesses(ledger.client, [own, all, access("bob"), access("adam")]);
  const page = await ask("ada");
  expect(Value.Check(AccessPage, page)).toBe(true);
  const { resource } = own;
  expect(page.accesses).toEqual([
    {
      id: all.id,
      accessedAtMs: atMs + 1,
      actor: "command-line",
      actorName: "",
      scope: "everybody",
      resource,
      purpose: "It's the\nbackup",
    },
    {
      id: own.id,
      accessedAtMs: atMs,
      actor: "person:sam",
      actorName: "Sam Auditor",
      scope: "you",
      resource,
      purpose: "Yearly audit",
    },
  ]);
});

test("the question is not shown: it may name others", async () => {
  await insertAccesses(ledger.client, [access("cleo")]);
  expect(JSON.stringify(await ask("cleo"))).not.toContain("bob");
});

test("pages neither repeat nor skip a look, however many share a millisecond", async () => {
  const events = Array.from({ length: 11 }, (_, index) =>
    access("pages", { atMs: atMs + 10 + Math.floor(index / 5) }),
  );
  await insertAccesses(ledger.client, events);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: AccessesQuery = { limit: 3, ...(cursor !== null && { cursor }) };
    const page: AccessPage = await ask("pages", query);
    seen.push(...page.accesses.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  const own = new Set(events.map(({ id }) => id));
  expect(seen.filter((id) => own.has(id)).toSorted()).toEqual([...own].toSorted());
  expect(new Set(seen).size).toBe(seen.length);
});

test("a cursor that was never given out is refused", async () => {
  await expect(ask("ada", { cursor: "nonsense" })).rejects.toMatchObject({
    code: "WEIR_INVALID_CURSOR",
  });
});
