import { inspect } from "node:util";
import { expect, test } from "vitest";
import { defaultFlowBounds, FlowStore } from "./flow-store.ts";

const zeros = (size: number) => new Uint8Array(size);
const session = (sessionId: string) => ({ principalId: "ana", sessionId });

test("sessions of other principals and other ids know nothing of each other", () => {
  const flow = new FlowStore(zeros);
  flow.observeConversation(session("a"), [{ source: "user", text: "bob@corp.com" }]);
  const args = { to: "bob@corp.com" };
  expect(flow.factsOf(session("a"), args).provenance["to"]).toBe("user");
  expect(flow.factsOf(session("b"), args).provenance["to"]).toBe("unknown");
  expect(flow.factsOf({ principalId: "eve", sessionId: "a" }, args).provenance["to"]).toBe(
    "unknown",
  );
});

test("labels say what the session has seen, in a fixed order", () => {
  const flow = new FlowStore(zeros);
  const see = (text: string) => flow.observeToolResult(session("a"), { tool: "t", args: {}, text });
  expect(flow.factsOf(session("a"), {}).taint).toEqual([]);
  see("hello");
  expect(flow.factsOf(session("a"), {}).taint).toEqual(["untrusted"]);
  see("IBAN: GB29 NWBK 6016 1331 9268 19");
  see("-----BEGIN RSA PRIVATE KEY-----");
  expect(flow.factsOf(session("a"), {}).taint).toEqual(["untrusted", "secrets", "private"]);
});

test("results of tools through Weir and through the model's history are one session", () => {
  const flow = new FlowStore(zeros);
  flow.observeToolResult(session("a"), { tool: "mail/read", args: {}, text: "eve@x.org wrote" });
  flow.observeConversation(session("a"), [{ source: "user", text: "eve@x.org wrote" }]);
  expect(flow.factsOf(session("a"), { to: "eve@x.org" }).provenance["to"]).toBe("tool:mail/read#1");
});

test("memory stays within its bounds, and the session used longest ago goes first", () => {
  const bounds = {
    ...defaultFlowBounds,
    maxBytes: 600_000,
    maxSessions: 20,
    maxTableBytes: 65_536,
  };
  const flow = new FlowStore(zeros, bounds);
  for (let at = 0; at < 40; at += 1) {
    const words = Array.from({ length: 3_000 }, (_word, n) => `w${at}x${n}`).join(" ");
    flow.observeToolResult(session(`s${at}`), { tool: "t", args: {}, text: words });
    flow.factsOf(session("s0"), {});
    expect(flow.bytes).toBeLessThanOrEqual(bounds.maxBytes + 200_000);
  }
  expect(flow.sessions).toBeLessThanOrEqual(20);
  expect(flow.factsOf(session("s0"), {}).taint).toEqual(["untrusted"]);
  expect(flow.factsOf(session("s1"), {}).taint).toEqual([]);
});

test("a session that is flooded keeps what the person said", () => {
  const flow = new FlowStore(zeros, { ...defaultFlowBounds, maxTableBytes: 16_384 });
  const words = Array.from({ length: 50_000 }, (_word, n) => `w${n}`).join(" ");
  flow.observeToolResult(session("a"), { tool: "t", args: {}, text: words });
  flow.observeConversation(session("a"), [{ source: "user", text: "Write to bob@corp.com" }]);
  expect(flow.factsOf(session("a"), { to: "bob@corp.com" }).provenance["to"]).toBe("user");
});

test("no text is kept", () => {
  const flow = new FlowStore(zeros);
  flow.observeConversation(session("a"), [
    { source: "user", text: "Tell whomsoever@corp.com the word xylophone" },
    { source: "tool", tool: "t", text: "quixotic@x.org answers" },
  ]);
  const seen = inspect(flow, { depth: Infinity, showHidden: true, maxArrayLength: null });
  for (const word of ["whomsoever", "xylophone", "quixotic"]) expect(seen).not.toContain(word);
});
