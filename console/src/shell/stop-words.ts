import type { StopKind } from "@weir/gateway/contracts";

export interface StopChoice {
  readonly value: StopKind;
  readonly label: string;
  /** What to fill in; empty = nothing. */
  readonly hint: string;
}

/** What a person may stop of their own. */
export const ownChoices: readonly StopChoice[] = [
  { value: "agent", label: "An agent of mine", hint: "As your key names it, like triage" },
  { value: "session", label: "A session of mine", hint: "As the client names it" },
  { value: "key", label: "A key of mine", hint: "Its id, as Keys shows it" },
];

/** What may be stopped by those who may stop anything. */
export const allChoices: readonly StopChoice[] = [
  {
    value: "agent",
    label: "An agent",
    hint: "Like ada/triage, or triage: every agent that is called so",
  },
  { value: "person", label: "A person and their agents", hint: "Their id, like ada" },
  { value: "session", label: "A session", hint: "As the client names it" },
  { value: "key", label: "A key", hint: "Its id" },
  { value: "tool", label: "A tool", hint: "A name, or server/name; * as wildcard" },
  { value: "all", label: "Everything", hint: "" },
];

/** What is stopped, as a sentence begins. */
export function stopTitle({ kind, target }: { kind: StopKind; target: string }): string {
  return kind === "all" ? "Everything is stopped." : `The ${kind} ${target} is stopped.`;
}
