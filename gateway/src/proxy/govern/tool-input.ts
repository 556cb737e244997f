import type { PolicyInput } from "../../contracts/policy-input.ts";
import { sortedPrincipal } from "../policy/sorted-principal.ts";
import type { JsonObject } from "../dialects/json-body.ts";
import type { ToolCaller } from "./tool-gate.ts";

/** What else is known of a session when a tool is called in it. */
export interface SessionFacts {
  /** Labels of what the session has seen. */
  readonly taint: readonly string[];
  /** Calls of tools in it so far. */
  readonly calls: number;
  /** Path of an argument → where its value came from. */
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * The input document of `weir/tool_call`, its members in code-unit order (RFC 8785). How Weir saw
 * the call is not in it: the same call is decided the same, wherever it appears.
 */
export function toolCallInput(asked: {
  readonly caller: ToolCaller;
  readonly server: string;
  readonly name: string;
  readonly args: JsonObject;
  readonly schemaDigest: string;
  readonly facts: SessionFacts;
  /** Unix milliseconds. */
  readonly nowMs: number;
  readonly revision: string;
}): PolicyInput {
  const { caller, facts, name, server, schemaDigest } = asked;
  return {
    limits: sorted(caller.limits ?? {}),
    point: "tool_call",
    principal: sortedPrincipal(caller.principal),
    revision: asked.revision,
    session: { calls: facts.calls, id: caller.sessionId, taint: [...facts.taint].toSorted() },
    time: new Date(asked.nowMs).toISOString(),
    tool: {
      args: canonicalObject(asked.args),
      name,
      provenance: sorted(facts.provenance),
      schemaDigest,
      server,
    },
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  const names = Object.keys(record).toSorted(byCodeUnit);
  return Object.fromEntries(names.flatMap((name) => entryOf(record, name)));
}

function entryOf<T>(record: Readonly<Record<string, T>>, name: string): [string, T][] {
  const value = record[name];
  return value === undefined ? [] : [[name, value]];
}

function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function canonicalObject(value: JsonObject): Record<string, unknown> {
  return sorted(
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, canonical(member)])),
  );
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => canonical(each));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, canonical(member)] as const);
  return sorted(Object.fromEntries(members));
}
