import type { Decision } from "../../contracts/decision.ts";
import { Refusal } from "../refusal.ts";

/**
 * Lets an allowed call go on.
 *
 * @throws Refusal WEIR_POLICY_DENIED
 */
export function enforce(decision: Decision): void {
  if (decision.effect === "allow") return;
  const message =
    decision.effect === "approve"
      ? `${decision.userMessage} It needs an approval, which this version of Weir cannot collect yet.`
      : decision.userMessage;
  throw new Refusal("WEIR_POLICY_DENIED", message === "" ? {} : { message });
}
