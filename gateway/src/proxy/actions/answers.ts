import type { ActionAnswer, EvaluationResponse } from "../../contracts/api/actions.ts";
import type { Decision } from "../../contracts/decision.ts";
import type { ToolVerdict } from "../govern/tool-gate.ts";
import type { Refusal } from "../refusal.ts";

/** An answer that nobody can ever change must not be asked for again and again. */
const noApprovals = "It needs an approval, which this version of Weir cannot collect yet.";

/** What a verdict says to whoever asked for it. */
export function answerOf(
  { decision, schemaDigest, argsDigest }: ToolVerdict,
  callId: string,
): ActionAnswer {
  const { id, rules, userMessage, retryable, approvers = [], revision } = decision;
  const effect = effectOf(decision);
  return {
    effect,
    decisionId: id,
    callId,
    rules: structuredClone(rules),
    userMessage:
      decision.effect === "approve" ? `${userMessage} ${noApprovals}`.trim() : userMessage,
    retryable,
    approvers: [...approvers],
    revision,
    schemaDigest,
    argsDigest,
  };
}

/** An obligation would change the call, and whoever runs the tool may not know how: it is denied. */
function effectOf({ effect, obligations }: Decision): ActionAnswer["effect"] {
  const changes = obligations.some(({ type }) => type !== "label");
  return effect === "allow" && !changes ? "allow" : "deny";
}

/** A refusal as an answer: whoever reads only `effect` does not call the tool. */
export function answerOfRefusal(
  { code, message, kind }: Pick<Refusal, "code" | "message" | "kind">,
  ids: { callId: string; decisionId: string },
): ActionAnswer {
  return {
    effect: "deny",
    decisionId: ids.decisionId,
    callId: ids.callId,
    rules: [],
    userMessage: message,
    retryable: kind === "unavailable" || kind === "rate_limited",
    approvers: [],
    revision: "",
    schemaDigest: "",
    argsDigest: "",
    code,
  };
}

/** AuthZEN has a Boolean: what is yet to be approved is no, with the reason beside it. */
export function evaluationOf(answer: ActionAnswer): EvaluationResponse {
  return { decision: answer.effect === "allow", context: answer };
}
