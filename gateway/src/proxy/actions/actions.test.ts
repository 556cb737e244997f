// Questions about tool calls over real sockets.
import { describe, expect, test } from "vitest";
import type { ToolGate } from "../govern/tool-gate.ts";
import { StopBook } from "../stop/stop-book.ts";
import { post, start } from "../testing/serve.ts";
import { gateThat } from "./testing/gate-that.ts";

const stopAll = new StopBook([
  { id: "s", kind: "all", target: "", reason: "incident", setAtMs: 1 },
]);
const never = () => {
  throw new Error("no provider is asked");
};
const question = { tool: { name: "send", server: "mail", arguments: { to: "a@b.example" } } };
const evaluation = {
  subject: { type: "user", id: "person-1" },
  action: { name: "call" },
  resource: {
    type: "tool",
    id: "send",
    properties: { server: "mail", arguments: { to: "a@b.example" } },
  },
  context: { time: "2026-11-23T19:00:00Z" },
};

describe("actions:authorize", () => {
  test.each([
    ["allow", "allow", "completed"],
    ["deny", "deny", "denied"],
    ["approve", "deny", "denied"],
  ] as const)(
    "a decision of %s is answered as %s, and is on record",
    async (effect, said, outcome) => {
      const { toolGate, asked } = gateThat(effect, { approvers: ["security"] });
      const { proxy } = await start(never, { toolGate });
      const answer = await post(proxy, "/v1/actions:authorize", question, {
        "x-session-id": "s-1",
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-weir-decision-id")).toBe("decision-7");
      expect(await answer.json()).toMatchObject({
        effect: said,
        decisionId: "decision-7",
        rules: [{ id: "mail.external" }],
        approvers: ["security"],
        retryable: false,
      });
      expect(asked).toEqual([
        [
          expect.objectContaining({
            sessionId: "s-1",
            principal: expect.objectContaining({ id: "person-1" }),
          }),
          {
            via: "action",
            server: "mail",
            name: "send",
            argsText: '{"to":"a@b.example"}',
            schema: null,
          },
        ],
      ]);
      const [row] = await proxy.recorded(1);
      expect(row).toMatchObject({
        dialect: "actions",
        operation: "actions.authorize",
        outcome,
        toolNames: ["send"],
        decision: { id: "decision-7" },
        cost: { status: "not_billed" },
      });
    },
  );

  test("an allow with an obligation that would change the call is a denial: nobody here can change it", async () => {
    const { toolGate } = gateThat("allow", { obligations: [{ type: "redact", paths: ["to"] }] });
    const { proxy } = await start(never, { toolGate });
    const answer = await post(proxy, "/v1/actions:authorize", question);
    expect(await answer.json()).toMatchObject({ effect: "deny" });
  });

  test("arguments as text go to the decision letter by letter", async () => {
    const { toolGate, asked } = gateThat("allow");
    const { proxy } = await start(never, { toolGate });
    const argsText = '{ "n": 1.0, "n": 2 }';
    await post(proxy, "/v1/actions:authorize", { tool: { name: "x", arguments: argsText } });
    expect(asked[0]?.[1].argsText).toBe(argsText);
  });

  test.each([
    ["no tool", {}],
    ["no name", { tool: {} }],
    ["arguments that are a list", { tool: { name: "x", arguments: [1] } }],
    ["a member of no meaning", { tool: { name: "x" }, principal: { id: "ada" } }],
    ["no JSON", "{"],
    ["two tools", '{"tool":{"name":"x"},"tool":{"name":"y"}}'],
  ])(
    "a question with %s is refused, and says deny to whoever reads only that",
    async (_what, body) => {
      const { toolGate, asked } = gateThat("allow");
      const { proxy } = await start(never, { toolGate });
      const answer = await post(proxy, "/v1/actions:authorize", body);
      expect([answer.status, Object(await answer.json()).effect]).toEqual([400, "deny"]);
      expect(asked).toEqual([]);
    },
  );

  test("without a key it is 401, and a stopped tool is denied without a decision", async () => {
    const { toolGate, asked } = gateThat("allow");
    const { proxy } = await start(never, { toolGate });
    const bad = await post(proxy, "/v1/actions:authorize", question, { authorization: "Bearer x" });
    expect([bad.status, Object(await bad.json()).effect]).toEqual([401, "deny"]);
    const stop = { id: "s", kind: "tool", target: "mail/*", reason: "a leak", setAtMs: 1 } as const;
    proxy.stops.setBook(new StopBook([stop]));
    const answer = await post(proxy, "/v1/actions:authorize", question);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { effect: "deny", code: "WEIR_STOPPED", retryable: false },
    ]);
    expect(asked).toEqual([]);
  });

  test("a stop cuts a question that is being decided", async () => {
    const deciding = Promise.withResolvers<void>();
    const toolGate: ToolGate = {
      decide: () => {
        deciding.resolve();
        return new Promise(() => undefined);
      },
    };
    const { proxy } = await start(never, { toolGate });
    const answering = post(proxy, "/v1/actions:authorize", question);
    await deciding.promise;
    proxy.stops.setBook(stopAll);
    expect(await (await answering).json()).toMatchObject({ effect: "deny", code: "WEIR_STOPPED" });
  });
});

describe("AuthZEN", () => {
  test.each([
    ["allow", true],
    ["deny", false],
    ["approve", false],
  ] as const)("a decision of %s is the Boolean %s", async (effect, decision) => {
    const { toolGate, asked } = gateThat(effect);
    const { proxy } = await start(never, { toolGate });
    const answer = await post(proxy, "/access/v1/evaluation", evaluation);
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { decision, context: { decisionId: "decision-7" } },
    ]);
    expect(asked[0]?.[1]).toMatchObject({
      server: "mail",
      name: "send",
      argsText: '{"to":"a@b.example"}',
    });
    expect((await proxy.recorded(1))[0]).toMatchObject({ dialect: "authzen" });
  });

  test.each([
    ["another subject than the credential's", { subject: { type: "user", id: "person-2" } }],
    ["another resource than a tool", { resource: { type: "file", id: "/etc/passwd" } }],
    ["another action than a call", { action: { name: "delete" } }],
    ["no subject", { subject: undefined }],
  ])("%s is refused with a false decision", async (_what, change) => {
    const { toolGate, asked } = gateThat("allow");
    const { proxy } = await start(never, { toolGate });
    const answer = await post(proxy, "/access/v1/evaluation", { ...evaluation, ...change });
    expect([answer.status, await answer.json()]).toMatchObject([400, { decision: false }]);
    expect(asked).toEqual([]);
  });

  test("its metadata name the endpoint where the client reached the gateway", async () => {
    const { proxy } = await start(never);
    const answer = await fetch(`${proxy.url}/.well-known/authzen-configuration`);
    expect(await answer.json()).toEqual({
      policy_decision_point: proxy.url,
      access_evaluation_endpoint: `${proxy.url}/access/v1/evaluation`,
    });
  });
});
