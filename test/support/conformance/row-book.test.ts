import { expect, test } from "vitest";
import { credentialDigest } from "../../../gateway/src/simulator/credential.ts";
import type { BilledCall } from "../../../gateway/src/simulator/ledger.ts";
import { noTokens } from "../../../gateway/src/simulator/token-sum.ts";
import { providerKey } from "./provider-key.ts";
import { RowBook } from "./row-book.ts";

const tokens = { ...noTokens, inputUncached: 11, outputVisible: 5 };
const bill: BilledCall = {
  id: "req_1",
  sequence: 1,
  dialect: "anthropic",
  model: "sim-echo",
  stream: false,
  status: 200,
  end: "complete",
  billed: tokens,
  reported: tokens,
  toolCalls: 0,
  serverToolCalls: {},
  billedSeconds: 0,
  credential: { kind: "x-api-key", sha256Prefix: credentialDigest(providerKey) },
  requestSha256: "a",
  requestBytes: 100,
};
const row = {
  upstream_request_id: "req_1",
  upstream_status: 200,
  outcome: "completed",
  stream_end: "complete",
  stream: false,
  flags: [],
  usage_source: "provider_final",
  input_uncached: 11,
  cache_read: 0,
  cache_write_5m: 0,
  cache_write_1h: 0,
  output_visible: 5,
  output_reasoning: 0,
  tool_use_prompt: 0,
  audio_in: 0,
  audio_out: 0,
};

function bookOf(billed: BilledCall): RowBook {
  const book = new RowBook();
  const none = { result: undefined, shown: null, failed: false, answers: [], received: [] };
  book.add("a call", { ...none, bills: [billed] });
  return book;
}

test("a row that tells what was billed is as it should be", () => {
  const book = bookOf(bill);
  expect(book.recorded([row])).toEqual(book.billed());
});

test.each<[string, Partial<BilledCall>, object]>([
  ["no row", {}, { upstream_request_id: "req_2" }],
  ["a token more", {}, { input_uncached: 12 }],
  ["tokens that are missing", {}, { input_uncached: null, usage_source: "missing" }],
  ["usage that was estimated", {}, { usage_source: "estimated" }],
  ["a flag", {}, { flags: ["total_mismatch"] }],
  ["another end", { end: "client_abort" }, {}],
  ["the client's key at the provider", { credential: { kind: "bearer", sha256Prefix: "b" } }, {}],
])("%s shows", (_what, billed, changed) => {
  const book = bookOf({ ...bill, ...billed });
  expect(book.recorded([{ ...row, ...changed }])).not.toEqual(book.billed());
});
