import type { PolicyInput } from "../../gateway/src/contracts/policy-input.ts";
import { Directory } from "../../gateway/src/proxy/flow/directory.ts";
import { FlowStore } from "../../gateway/src/proxy/flow/flow-store.ts";
import type { PolicyEvaluator } from "../../policies/src/evaluate.ts";
import type { FixtureCall, Suite } from "./fixture.ts";

export interface ReplayedCall {
  readonly tool: string;
  readonly effect: "deny" | "approve" | "allow";
  readonly rules: readonly string[];
}

/** One agent's session as Weir sees it: who said what, and each call decided before it is made. */
export class GuardedSession {
  readonly #policy: PolicyEvaluator;
  readonly #server: string;
  readonly #flow: FlowStore;
  readonly #session = { principalId: "replay", sessionId: "replay" };
  #calls = 0;

  constructor(policy: PolicyEvaluator, suite: Pick<Suite, "suite" | "directory">, seed = 1) {
    this.#policy = policy;
    this.#server = suite.suite;
    this.#flow = new FlowStore((size) => new Uint8Array(size).fill(seed));
    this.#flow.setDirectory(new Directory(suite.directory));
  }

  userSays(text: string): void {
    this.#flow.observeConversation(this.#session, [{ source: "user", text }]);
  }

  /** Decides a call and, if it may be made, reads what the tool answers. */
  call(call: FixtureCall, answer = call.output): ReplayedCall {
    const decided = this.decide(call.tool, call.args);
    if (decided.effect === "allow") this.answered(call, answer);
    return decided;
  }

  answered({ tool, args }: Pick<FixtureCall, "tool" | "args">, text: string): void {
    const name = this.#server === "" ? tool : `${this.#server}/${tool}`;
    this.#flow.observeToolResult(this.#session, { tool: name, args, text });
  }

  decide(tool: string, args: Readonly<Record<string, unknown>>): ReplayedCall {
    this.#calls += 1;
    const { provenance, taint } = this.#flow.factsOf(this.#session, args);
    const input: PolicyInput = {
      limits: {},
      point: "tool_call",
      principal: {
        assurance: "api_key",
        costCenter: "",
        id: "replay",
        keyId: "replay",
        kind: "person",
        roles: ["employee"],
        teamId: "replay",
      },
      revision: "replay",
      session: { calls: this.#calls, id: "replay", taint },
      time: "2026-01-01T00:00:00.000Z",
      tool: { args: { ...args }, name: tool, provenance, schemaDigest: "", server: this.#server },
    };
    const { effect, rules } = this.#policy.decide("tool_call", input);
    return { tool, effect, rules: rules.map(({ id }) => id) };
  }
}
