import type { Decision } from "../../contracts/decision.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { Grant } from "../../contracts/scope.ts";

/** Who wants a tool called, and in which session; all but the session's name is verified. */
export interface ToolCaller {
  readonly principal: Principal;
  readonly grant: Grant;
  /** As the client says; empty = it says none. */
  readonly sessionId: string;
  /** Of the LLM call, MCP request or action that it is part of: what the decision's row points to. */
  readonly callId: string;
  /** What it has done so far, by limit; left out = nothing is counted. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** A tool call with its arguments complete, wherever Weir saw it. */
export interface AskedToolCall {
  /** `model`: in a model's answer; `mcp`: on its way to an MCP server; `action`: asked for directly. */
  readonly via: "model" | "mcp" | "action";
  /** Id of the MCP server; empty for a tool that the client runs itself. */
  readonly server: string;
  readonly name: string;
  /** JSON text of the arguments as it came; empty = none. */
  readonly argsText: string;
  /** JSON Schema that the tool was offered with; null = Weir has not seen one. */
  readonly schema: unknown;
}

/** What is to become of a tool call. */
export interface ToolVerdict {
  readonly decision: Decision;
  /** SHA-256 (hex) of the tool's schema in the form of RFC 8785; empty = it has none. */
  readonly schemaDigest: string;
  /** SHA-256 (hex) of the arguments in the form of RFC 8785; empty where they are no JSON object. */
  readonly argsDigest: string;
}

/**
 * The one way to a decision on a tool call, the same for every dialect, MCP and direct actions.
 * An allow is on record when it comes back. Never rejects: whatever fails is a denial.
 */
export interface ToolGate {
  readonly decide: (caller: ToolCaller, asked: AskedToolCall) => Promise<ToolVerdict>;
}
