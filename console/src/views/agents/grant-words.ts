import type { GrantView } from "@weir/gateway/contracts";
import { scopeWords } from "../keys/key-words.ts";

export type GrantState = "live" | "ended" | "revoked";

/** Whether a grant still holds, by the reader's clock. */
export function stateOf({ revokedAtMs, untilMs }: GrantView, nowMs: number): GrantState {
  if (revokedAtMs !== null) return "revoked";
  return untilMs <= nowMs ? "ended" : "live";
}

/** `bob/triage` in words. */
export function agentWords(agent: string): string {
  const [owner, name] = agent.split("/");
  return name === undefined ? `${agent} (service)` : `${name} of ${owner}`;
}

/** What a grant is for, in a sentence's part. */
export function usesOf({ scopes, models, tools, maxHops }: GrantView): string {
  return [
    scopes.map((each) => scopeWords[each]).join(", "),
    models === null ? "all your models" : models.join(", "),
    tools === null ? "all your tools" : `tools ${tools.join(", ") || "none"}`,
    ...(maxHops === 0 ? [] : [`may be handed on ${maxHops === 1 ? "once" : `${maxHops} times`}`]),
  ].join(" · ");
}
