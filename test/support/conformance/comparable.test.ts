import { expect, test } from "vitest";
import type { BilledCall } from "../../../gateway/src/simulator/ledger.ts";
import { noTokens } from "../../../gateway/src/simulator/token-sum.ts";
import { asIfDirect, comparable } from "./comparable.ts";
import type { Observed } from "./observe.ts";

const bill: BilledCall = {
  id: "req_1",
  sequence: 1,
  dialect: "openai-chat",
  model: "sim-echo",
  stream: true,
  status: 200,
  end: "complete",
  billed: noTokens,
  reported: null,
  toolCalls: 0,
  serverToolCalls: {},
  billedSeconds: 0,
  credential: { kind: "bearer", sha256Prefix: "a" },
  requestSha256: "a",
  requestBytes: 100,
};
const request = { method: "POST", url: "/v1/chat/completions", headers: { "x-beta": "1" } };
const direct: Observed<unknown> = {
  result: undefined,
  failed: false,
  shown: { text: "hi", usage: null },
  answers: [{ status: 200, headers: { "retry-after": "1" } }],
  received: [request],
  bills: [bill],
};
const asked = { ...bill, requestBytes: 140, requestSha256: "b", reported: noTokens };

const isAlike = (through: Observed<unknown>) => {
  try {
    expect(comparable(asIfDirect(through, direct))).toEqual(comparable(direct));
    return true;
  } catch {
    return false;
  }
};

test("Weir's own headers and its asking for usage are no difference", () => {
  const answers = [{ status: 200, headers: { "retry-after": "1", "x-weir-call-id": "c" } }];
  expect(isAlike({ ...direct, answers })).toBe(true);
  const plain = { ...direct, shown: { text: "hi" } };
  expect(comparable(asIfDirect({ ...plain, shown: direct.shown, bills: [asked] }, plain))).toEqual(
    comparable(plain),
  );
});

test.each<[string, Partial<Observed<unknown>>]>([
  ["what the client is shown", { shown: { text: "ho", usage: null } }],
  ["a member that is missing rather than null", { shown: { text: "hi" } }],
  ["a lost header of the answer", { answers: [{ status: 200, headers: {} }] }],
  ["another status", { answers: [{ status: 201, headers: { "retry-after": "1" } }] }],
  ["a lost header of the request", { received: [{ ...request, headers: {} }] }],
  ["a second request", { received: [request, request] }],
  ["other bytes of the request", { bills: [{ ...bill, requestSha256: "b" }] }],
  ["more bytes than were to be added", { bills: [{ ...asked, requestBytes: 141 }] }],
  ["another bill", { bills: [{ ...bill, billed: { ...noTokens, inputUncached: 1 } }] }],
])("%s is a difference", (_what, change) => {
  expect(isAlike({ ...direct, ...change })).toBe(false);
});
