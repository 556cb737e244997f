import { describe, expect, it } from "vitest";
import { type BilledCall, Ledger } from "./ledger.ts";
import { noTokens } from "./token-sum.ts";

function call(sequence: number, billed: BilledCall["billed"]): BilledCall {
  return {
    id: `req_${sequence}`,
    sequence,
    dialect: "anthropic",
    model: "m",
    stream: false,
    status: billed === null ? 500 : 200,
    end: billed === null ? "error" : "complete",
    billed,
    reported: billed,
    toolCalls: 0,
    serverToolCalls: {},
    billedSeconds: 0,
    requestBytes: 2,
    credential: { kind: "none", sha256Prefix: "" },
    requestSha256: "",
  };
}

describe("Ledger", () => {
  it("holds the newest calls, and totals over all", () => {
    const ledger = new Ledger(3);
    for (let i = 0; i < 5; i += 1) {
      const sequence = ledger.begin();
      ledger.record(call(sequence, { ...noTokens, inputUncached: 1, outputVisible: 2 }));
    }
    expect(ledger.calls().map(({ sequence }) => sequence)).toEqual([3, 4, 5]);
    expect(ledger.calls(4).map(({ sequence }) => sequence)).toEqual([5]);
    expect(ledger.totals()).toEqual({
      calls: 5,
      billedCalls: 5,
      tokens: { ...noTokens, inputUncached: 5, outputVisible: 10 },
      dropped: 2,
      open: 0,
    });
  });

  it("bills nothing for a refused call", () => {
    const ledger = new Ledger(3);
    ledger.record(call(ledger.begin(), null));
    expect(ledger.totals()).toMatchObject({ calls: 1, billedCalls: 0, tokens: noTokens });
  });

  it("never gives a sequence number twice, also after a reset", () => {
    const ledger = new Ledger(3);
    ledger.record(call(ledger.begin(), noTokens));
    const open = ledger.begin();
    ledger.reset();
    expect(ledger.totals()).toMatchObject({ calls: 0, open: 1 });
    expect(ledger.begin()).toBeGreaterThan(open);
  });
});
