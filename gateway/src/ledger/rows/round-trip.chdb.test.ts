import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertLines } from "../clickhouse/insert-lines.ts";
import { sampleCall, sampleDecision } from "../testing/events.ts";
import { emptyTables, openTestLedger, type TestLedger } from "../testing/test-ledger.ts";
import { columnsOf, versionOf } from "./layout.ts";
import { encodeRecord, type LedgerRecord, layouts, lineOf } from "./record.ts";

let ledger: TestLedger;
let token = 0;

beforeAll(async () => {
  ledger = await openTestLedger();
});
beforeEach(() => emptyTables(ledger.client));
afterAll(() => ledger.close());

/** Inserts records of one type as they are spooled, and reads their lines back in that order. */
async function roundTrip(records: readonly LedgerRecord[]): Promise<[string[], string[]]> {
  const [first] = records;
  if (first === undefined) throw new Error("no records");
  const layout = layouts[first.type];
  const columns = columnsOf(layout, versionOf(layout));
  const written = records.map((record, index) => {
    const line = lineOf({ spoolId: "s", epoch: 1, sequence: index }, encodeRecord(record).fields);
    return Buffer.from(line, "utf8").toString("utf8");
  });
  token += 1;
  await emptyTables(ledger.client);
  const lines = Buffer.from(`${written.join("\n")}\n`, "utf8");
  await insertLines(ledger.client, { table: layout.table, columns, lines, token: `t-${token}` });
  const names = columns.map((name) => `\`${name}\``).join(", ");
  const result = await ledger.client.query({
    query: `SELECT ${names} FROM ${layout.table} ORDER BY spool_sequence`,
    format: "TabSeparated",
  });
  return [written, (await result.text()).split("\n").slice(0, -1)];
}

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("\ud800", "a\udfffb", "\0", "\u001f\u2028", "\\N", "\\", "'", "\t\n\r\b\f", "[]"),
);
const anyTexts = fc.array(anyText, { maxLength: 4 });
const anyCount = fc.nat();
const day = Date.UTC(2026, 10, 23);
const anyTimeOfDay = fc.integer({ min: day, max: day + 86_399_999 });
const anyMs = fc.integer({ min: 0, max: 1e9 }).map((micros) => micros / 1000);

describe("a line that ClickHouse prints is the line that was inserted, byte for byte", () => {
  test("of calls", async () => {
    const anyCall = fc
      .record({ text: anyText, texts: anyTexts, count: anyCount, at: anyTimeOfDay, ms: anyMs })
      .map(({ text, texts, count, at, ms }, index = 0) => {
        const { usage, asserted, decision } = sampleCall(index);
        const tokens = usage.tokens === null ? null : { ...usage.tokens, inputUncached: count };
        const bill = { ...usage, tokens, raw: text, serverToolCalls: { [text]: count } };
        const attempt = { provider: text, model: text, status: 500, errorCode: text };
        const cost = { microUsd: count, status: "priced" as const, priceVersion: text };
        return sampleCall(index, {
          startedAtMs: at,
          modelRequested: text,
          toolNames: texts,
          flags: texts,
          durationMs: ms,
          timeToFirstByteMs: count % 2 === 0 ? null : ms,
          maxTokens: count % 3 === 0 ? null : count,
          asserted: { ...asserted, sessionId: text, userAgent: text },
          usage: bill,
          cost: count % 5 === 0 ? { ...cost, microUsd: null } : cost,
          decision:
            decision === null
              ? null
              : { ...decision, rules: texts.map((id) => ({ id, reason: id, owner: id })) },
          failedAttempts: texts.map(() => ({ ...attempt, durationMs: ms, usage: bill, cost })),
        });
      });
    const samples = fc.sample(anyCall, 500);
    const records = samples.map((event) => ({ type: "call" as const, event }));
    const [written, read] = await roundTrip(records);
    expect(read).toEqual(written);
  });

  test("of decisions", async () => {
    const anyDecision = fc
      .record({ text: anyText, texts: anyTexts, at: anyTimeOfDay })
      .map(({ text, texts, at }) => {
        const { decision, call } = sampleDecision(1);
        return sampleDecision(1, {
          callId: text,
          decidedAtMs: at,
          call: call === null ? null : { ...call, model: text, toolNames: texts },
          decision: {
            ...decision,
            userMessage: text,
            approvers: texts,
            obligations: [{ type: "label", labels: texts }],
          },
        });
      });
    const samples = fc.sample(anyDecision, 500);
    const records = samples.map((event) => ({ type: "decision" as const, event }));
    const [written, read] = await roundTrip(records);
    expect(read).toEqual(written);
  });

  test("of admin changes and accesses", async () => {
    const texts = fc.sample(anyText, 300);
    const admin = texts.map((text) => ({
      type: "admin" as const,
      event: {
        id: text,
        atMs: day,
        actor: text,
        action: text,
        entityId: text,
        before: text,
        after: "",
      },
    }));
    const [written, read] = await roundTrip(admin);
    expect(read).toEqual(written);
    const accesses = texts.map((text) => ({
      type: "access" as const,
      event: {
        id: text,
        atMs: day,
        actor: text,
        personId: text,
        resource: text,
        purpose: text,
        question: text,
      },
    }));
    const [writtenAccesses, readAccesses] = await roundTrip(accesses);
    expect(readAccesses).toEqual(writtenAccesses);
  });

  test("of what was said in calls", async () => {
    const contents = fc.sample(fc.record({ text: anyText, count: anyCount }), 300);
    const records = contents.map(({ text, count }) => ({
      type: "content" as const,
      event: {
        id: text,
        atMs: day,
        personId: text,
        teamId: text,
        dialect: text,
        requestBytes: count,
        responseBytes: count,
        truncated: count % 2 === 0,
        sealed: text,
      },
    }));
    const [written, read] = await roundTrip(records);
    expect(read).toEqual(written);
  });
});
