import type { LedgerReport } from "@weir/gateway/contracts";
import { expect, test } from "vitest";
import { ledgerStatus } from "../../testing/fixtures.ts";
import { noticeOf } from "./ledger-words.ts";

const unreachable = {
  place: "https://heads.example/weir",
  sent: 3,
  failures: 1,
  lastError: "connection refused",
  lastSentAtMs: null,
};

const toneOf = (changes: Partial<LedgerReport>) =>
  noticeOf({ ...ledgerStatus, ...changes })?.tone ?? null;

test.each<[string | null, Partial<LedgerReport>]>([
  [null, {}],
  ["error", { state: "unavailable" }],
  ["info", { state: "opening" }],
  ["warning", { lastError: "connection refused" }],
  ["warning", { deadRows: 1 }],
  ["warning", { oldestUnshippedAgeMs: 60_001 }],
  ["error", { state: "unavailable", deadRows: 4, lastError: "refused" }],
  ["error", { audit: { ...ledgerStatus.audit, state: "unavailable" } }],
  ["error", { outbox: { ...ledgerStatus.outbox, isAccepting: false } }],
  ["warning", { audit: { ...ledgerStatus.audit, secondPlaces: [unreachable] } }],
])("tells %s for %j", (tone, changes) => {
  expect(toneOf(changes)).toBe(tone);
});
