import type { IncomingHttpHeaders } from "node:http";
import type { Asserted } from "../../contracts/principal.ts";
import { holdsKey } from "../../identity/virtual-key.ts";

const MAX_LENGTH = 256;

const sessionHeaders = ["x-claude-code-session-id", "session-id", "x-session-id"];
const agentHeaders = ["x-claude-code-agent-id", "originator"];

/**
 * What the client says about itself. Recorded beside the verified principal so that a mismatch
 * can be seen; it never decides whose call this is.
 */
export function readAsserted(headers: IncomingHttpHeaders): Asserted {
  return {
    userAgent: clip(headers["user-agent"]),
    sessionId: first(headers, sessionHeaders),
    agentId: first(headers, agentHeaders),
    userId: "",
  };
}

function first(headers: IncomingHttpHeaders, names: readonly string[]): string {
  for (const name of names) {
    const value = clip(headers[name]);
    if (value !== "") return value;
  }
  return "";
}

function clip(value: string | string[] | undefined): string {
  // A key that a client says here by mistake is not to be read in the ledger.
  return typeof value === "string" && !holdsKey(value) ? value.slice(0, MAX_LENGTH) : "";
}
