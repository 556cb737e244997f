import type { LedgerStatus } from "@weir/gateway/contracts";
import { expect, test } from "vitest";
import { ledgerStatus } from "../../testing/fixtures.ts";
import { noticeOf } from "./ledger-words.ts";

const toneOf = (changes: Partial<LedgerStatus>) =>
  noticeOf({ ...ledgerStatus, ...changes })?.tone ?? null;

test.each<[string | null, Partial<LedgerStatus>]>([
  [null, {}],
  ["error", { state: "unavailable" }],
  ["info", { state: "opening" }],
  ["warning", { lastError: "connection refused" }],
  ["warning", { deadRows: 1 }],
  ["warning", { oldestUnshippedAgeMs: 60_001 }],
  ["error", { state: "unavailable", deadRows: 4, lastError: "refused" }],
])("tells %s for %j", (tone, changes) => {
  expect(toneOf(changes)).toBe(tone);
});
