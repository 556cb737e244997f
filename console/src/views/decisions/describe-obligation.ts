import type { Obligation } from "@weir/gateway/contracts";
import { formatCount, formatNoun } from "../../format/numbers.ts";

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

/** What policy changed about a call, as a phrase: `output capped at 1,000 tokens`. */
export function describeObligation(obligation: Obligation): string {
  switch (obligation.type) {
    case "cap_max_tokens":
      return `output capped at ${formatCount(obligation.maxTokens)} ${obligation.maxTokens === 1 ? "token" : "tokens"}`;
    case "set_model":
      return `model changed to ${obligation.model}`;
    case "strip_tools":
      return `${obligation.tools.length === 1 ? "tool" : "tools"} removed: ${list(obligation.tools)}`;
    case "redact":
      return `${formatNoun(obligation.paths.length, "field")} redacted: ${list(obligation.paths)}`;
    case "pin_provider":
      return `sent only to ${list(obligation.providers)}`;
    case "label":
      break;
  }
  return `labelled ${list(obligation.labels)}`;
}
