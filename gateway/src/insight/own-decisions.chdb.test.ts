import { afterAll, beforeAll, expect, test } from "vitest";
import { Value } from "typebox/value";
import { DecisionPage, type DecisionsQuery } from "../contracts/api/decisions.ts";
import { readOwnDecision, readOwnDecisions } from "./own-decisions.ts";
import { decisionOf, openTestLedger, type TestLedger } from "./testing/test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const at = Date.UTC(2026, 2, 2, 12);

function ask(personId: string, query: DecisionsQuery = {}): Promise<DecisionPage> {
  return readOwnDecisions(ledger.client, { personId, query, nowMs: at });
}

test("nothing ever decided is told apart from nothing in the filter", async () => {
  await ledger.insertDecisions([decisionOf("quiet", at)]);
  expect(await ask("nobody")).toMatchObject({ decisions: [], everDecided: false });
  const denied = await ask("quiet", { show: "denied" });
  expect(denied).toMatchObject({ decisions: [], everDecided: true, nextCursor: null });
});

test("a decision comes back with its rules, obligations and message as they were written", async () => {
  const event = decisionOf("whole", at, {
    effect: "deny",
    rules: [
      { id: "a", reason: 'It\'s "not" allowed\n', owner: "security" },
      { id: "b", reason: "", owner: "" },
    ],
    userMessage: "Ask for another model ☃",
    obligations: [{ type: "cap_max_tokens", maxTokens: 7 }],
  });
  await ledger.insertDecisions([event]);
  const page = await ask("whole");
  expect(Value.Check(DecisionPage, page)).toBe(true);
  expect(page.decisions).toEqual([
    {
      id: event.decision.id,
      callId: event.callId,
      decidedAtMs: at,
      point: "llm_call",
      effect: "deny",
      rules: event.decision.rules,
      userMessage: "Ask for another model ☃",
      obligations: [{ type: "cap_max_tokens", maxTokens: 7 }],
      dialect: "openai-chat",
      operation: "chat.completions",
      provider: "simulator",
      model: "sim-small",
      modelRequested: "sim-small",
      toolNames: ["search"],
      revision: "r1",
      evalMicros: 40,
    },
  ]);
});

test("filters: denied, changed by an obligation, allowed", async () => {
  const denied = decisionOf("filters", at, { effect: "deny" });
  const changed = decisionOf("filters", at + 1, {
    obligations: [{ type: "set_model", model: "sim-small" }],
  });
  const allowed = decisionOf("filters", at + 2);
  await ledger.insertDecisions([denied, changed, allowed]);
  const ids = async (show: "all" | "denied" | "changed" | "allowed") =>
    (await ask("filters", { show })).decisions.map((item) => item.id);
  expect(await ids("all")).toEqual([allowed.decision.id, changed.decision.id, denied.decision.id]);
  expect(await ids("denied")).toEqual([denied.decision.id]);
  expect(await ids("changed")).toEqual([changed.decision.id]);
  expect(await ids("allowed")).toEqual([allowed.decision.id, changed.decision.id]);
});

test("pages neither repeat nor skip a row, however many share a millisecond or arrive between", async () => {
  const events = Array.from({ length: 11 }, (_, index) =>
    decisionOf("pages", at + Math.floor(index / 5)),
  );
  await ledger.insertDecisions(events);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: DecisionsQuery = cursor === null ? { limit: 3 } : { limit: 3, cursor };
    const page = await ask("pages", query);
    seen.push(...page.decisions.map((item) => item.id));
    cursor = page.nextCursor;
    await ledger.insertDecisions([decisionOf("pages", at + 1000)]);
  } while (cursor !== null);
  expect(seen).toHaveLength(11);
  expect(new Set(seen)).toEqual(new Set(events.map((event) => event.decision.id)));
});

test("the last page has no cursor, also when it is exactly full", async () => {
  await ledger.insertDecisions([decisionOf("full", at), decisionOf("full", at + 1)]);
  expect((await ask("full", { limit: 2 })).nextCursor).toBeNull();
  expect((await ask("full", { limit: 1 })).nextCursor).not.toBeNull();
});

test("one decision is found by its own person and by nobody else", async () => {
  const event = decisionOf("hers", at);
  await ledger.insertDecisions([event]);
  const { id } = event.decision;
  const read = (personId: string) => readOwnDecision(ledger.client, { personId, id });
  expect((await read("hers"))?.id).toBe(id);
  expect(await read("his")).toBeNull();
});

test.each(["", "x", "bm9uc2Vuc2U", Buffer.from("1:').--").toString("base64url").slice(1)])(
  "the made-up cursor %j is refused",
  async (cursor) => {
    await expect(ask("quiet", { cursor })).rejects.toMatchObject({ code: "WEIR_INVALID_CURSOR" });
  },
);

test("a cursor from somebody else's list shows nothing of it", async () => {
  await ledger.insertDecisions([decisionOf("theirs", at), decisionOf("theirs", at + 1)]);
  const { nextCursor } = await ask("theirs", { limit: 1 });
  const page = await ask("stranger", nextCursor === null ? {} : { cursor: nextCursor });
  expect(page.decisions).toEqual([]);
});
