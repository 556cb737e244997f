/** Blast radius and loops: what a caller has done so far, and whether one more is too much. */
import { hash } from "node:crypto";
import type { Config } from "../../config/schema.ts";
import { matchesPattern } from "../../contracts/pattern.ts";
import type { NewPause } from "../../contracts/stop.ts";
import type { AskedToolCall, ToolCaller } from "../govern/tool-gate.ts";
import { ActionWindow, HOUR_MS } from "./action-window.ts";
import { readArguments } from "./arguments-of.ts";
import { BoundedMap } from "./bounded-map.ts";
import { CallLoop, type Loop } from "./call-loop.ts";

type Settings = Pick<Config["governance"], "limits" | "loops">;
type Limit = Settings["limits"][number];

/** A limit that a call would exceed. */
export interface Breach {
  /** `limits.<id>` or `loops.<kind>`: the rule that denies. */
  readonly ruleId: string;
  readonly message: string;
  /** What is to be stopped until its owner has looked at it. */
  readonly pause: NewPause;
}

/** A call that is about to be decided. */
export interface LimitStep {
  /** Not null = deny it, and pause the session. Nothing of it has been counted. */
  readonly breach: Breach | null;
  /** For the policy's input: what has been done so far, by limit. */
  readonly values: Readonly<Record<string, number>>;
  /** Says that the call was denied after all: it does not count as an action. */
  withdraw(): void;
}

export interface SessionLimitsOptions {
  readonly settings: Settings;
  readonly nowMs: () => number;
  readonly maxSessions?: number;
  readonly maxCallers?: number;
}

const loopWords: Readonly<Record<Loop, string>> = {
  identical_calls: "the same call again and again",
  alternating_calls: "the same two calls in turns",
};

/**
 * Loops are counted by session; actions by the verified caller, since a session's name is the
 * client's own word, and a new one must not make a new budget.
 */
export class SessionLimits {
  readonly #options: SessionLimitsOptions;
  readonly #sessions: BoundedMap<CallLoop>;
  readonly #agents: BoundedMap<Map<string, number>>;
  readonly #windows: BoundedMap<ActionWindow>;

  constructor(options: SessionLimitsOptions) {
    this.#options = options;
    const { maxSessions = 10_000, maxCallers = 10_000 } = options;
    this.#sessions = new BoundedMap(maxSessions);
    this.#agents = new BoundedMap(maxSessions);
    this.#windows = new BoundedMap(maxCallers);
  }

  /** Counts a tool call before policy decides it. Synchronous: two at once cannot both be the last. */
  begin(caller: ToolCaller, asked: AskedToolCall): LimitStep {
    const values: Record<string, number> = {};
    const loop = this.#loopOf(caller, asked, values);
    const limits = this.#options.settings.limits.filter((limit) => isUnder(limit, caller, asked));
    const args = parsed(asked.argsText);
    const checked = limits.map((limit) => this.#check(limit, caller, args, values));
    const breach = loop ?? checked.find((each) => each.breach !== null)?.breach ?? null;
    if (breach !== null) return { breach, values, withdraw: () => undefined };
    const undo = checked.map(({ count }) => count());
    return { breach, values, withdraw: () => undo.forEach((each) => each()) };
  }

  /**
   * Notes who acts in a session. @param depth agents through whose hands the token has gone
   * @returns the breach of fan-out or depth that this is, or null
   */
  noteAgent(caller: ToolCaller, agentId: string, depth: number): Breach | null {
    const { loops } = this.#options.settings;
    if (loops.depth > 0 && depth > loops.depth)
      return breachOf(
        caller,
        "loops.depth",
        `more than ${loops.depth} agents, one behind the other`,
      );
    if (loops.subAgents === 0 || agentId === "" || caller.sessionId === "") return null;
    const nowMs = this.#options.nowMs();
    const agents = this.#agents.use(sessionKey(caller), () => new Map<string, number>());
    for (const [id, atMs] of agents) if (atMs <= nowMs - HOUR_MS) agents.delete(id);
    if (agents.size >= loops.subAgents && !agents.has(agentId)) {
      const words = `more than ${loops.subAgents} agents in one session within an hour`;
      return breachOf(caller, "loops.sub_agents", words);
    }
    agents.set(agentId, nowMs);
    return null;
  }

  #loopOf(caller: ToolCaller, asked: AskedToolCall, values: Record<string, number>): Breach | null {
    const session = this.#sessions.use(sessionKey(caller), () => new CallLoop());
    const digest = hash("sha256", JSON.stringify([asked.server, asked.name, asked.argsText]));
    const loop = session.next(digest, this.#options.settings.loops);
    values["identical_calls"] = session.identicalInARow;
    return loop === null ? null : breachOf(caller, `loops.${loop}`, loopWords[loop]);
  }

  #check(
    limit: Limit,
    caller: ToolCaller,
    args: unknown,
    values: Record<string, number>,
  ): { breach: Breach | null; count: () => () => void } {
    const window = this.#windows.use(windowKey(limit, caller), () => new ActionWindow());
    const nowMs = this.#options.nowMs();
    const soFar = window.at(nowMs);
    const read = readArguments(
      args,
      limit.distinct?.arguments ?? [],
      limit.amount?.argument ?? null,
    );
    values[`${limit.id}_hour`] = soFar.hour;
    values[`${limit.id}_day`] = soFar.day;
    if (limit.distinct !== undefined) values[`${limit.id}_distinct`] = soFar.values.size;
    if (limit.amount !== undefined) values[`${limit.id}_amount`] = soFar.amount;
    const over = overOf(limit, soFar, read);
    const rule = `limits.${limit.id}`;
    return {
      breach: over === null ? null : breachOf(caller, rule, over),
      count: () => window.add({ atMs: nowMs, values: read.values, amount: read.amount ?? 0 }),
    };
  }
}

/** What would be too much, in words, or null. */
function overOf(
  { id, perHour, perDay, distinct, amount }: Limit,
  soFar: ReturnType<ActionWindow["at"]>,
  read: ReturnType<typeof readArguments>,
): string | null {
  if (perHour !== undefined && soFar.hour >= perHour) return `more than ${perHour} ${id} an hour`;
  if (perDay !== undefined && soFar.day >= perDay) return `more than ${perDay} ${id} a day`;
  if (distinct !== undefined) {
    const all = new Set([...soFar.values, ...read.values]);
    if (all.size > distinct.perDay)
      return `more than ${distinct.perDay} different ${distinct.arguments.join(" or ")} a day for ${id}`;
  }
  if (amount === undefined) return null;
  if (read.amount === null) return `${id} of an amount that is no number`;
  return soFar.amount + read.amount > amount.perDay
    ? `more than ${amount.perDay} of ${amount.argument} a day for ${id}`
    : null;
}

function isUnder({ team, tools }: Limit, { principal }: ToolCaller, asked: AskedToolCall): boolean {
  if (team !== undefined && team !== principal.teamId) return false;
  const names = asked.server === "" ? [asked.name] : [asked.name, `${asked.server}/${asked.name}`];
  return tools.some((pattern) => names.some((name) => matchesPattern(pattern, name)));
}

function parsed(argsText: string): unknown {
  try {
    return JSON.parse(argsText);
  } catch {
    return undefined;
  }
}

function ownerOf({ principal: { id, onBehalfOf } }: ToolCaller): string {
  return onBehalfOf ?? id;
}

function sessionKey(caller: ToolCaller): string {
  const { sessionId, principal } = caller;
  return JSON.stringify([ownerOf(caller), sessionId, sessionId === "" ? principal.keyId : ""]);
}

function windowKey({ id, team = "" }: Limit, caller: ToolCaller): string {
  return JSON.stringify([id, team, ownerOf(caller), caller.principal.id]);
}

function breachOf(caller: ToolCaller, ruleId: string, words: string): Breach {
  const { sessionId, principal } = caller;
  // Who names no session is known by the key alone.
  const kind = sessionId === "" ? "key" : "session";
  const target = sessionId === "" ? principal.keyId : sessionId;
  const message = `Weir paused this ${kind}: ${words}. Its owner can look at it and let it go on in the console.`;
  return { ruleId, message, pause: { kind, target, ownerId: ownerOf(caller), reason: message } };
}
