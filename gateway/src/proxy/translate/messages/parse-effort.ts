import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import { invalidMember, optionalNumber, optionalObject, optionalString } from "../read-member.ts";
import { thinking as thinkingMembers, type MessagesTarget } from "./members.ts";

type Effort = LanguageModelV4CallOptions["reasoning"];

const LOW_BUDGET = 4_096;
const MEDIUM_BUDGET = 16_384;

const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

function byThinking(body: JsonObject, target: MessagesTarget): Effort {
  const thinking = optionalObject(body, "thinking", "");
  if (thinking === undefined) return undefined;
  checkMembers(thinking, thinkingMembers, target, "thinking.");
  switch (thinking["type"]) {
    case "enabled": {
      const budget = optionalNumber(thinking, "budget_tokens", "thinking.") ?? 0;
      if (budget < LOW_BUDGET) return "low";
      return budget < MEDIUM_BUDGET ? "medium" : "high";
    }
    case "between_tools":
      return "low";
    // Models without an effort setting refuse one, so the default is left to the provider.
    case "adaptive":
    case "disabled":
      return undefined;
    default:
      throw notTranslatable("thinking.type", "use enabled, adaptive or disabled.");
  }
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseEffort(
  body: JsonObject,
  outputConfig: JsonObject,
  target: MessagesTarget,
): Effort {
  const thinking = byThinking(body, target);
  const asked = optionalString(outputConfig, "effort", "output_config.");
  if (asked === undefined) return thinking;
  const effort = efforts.find((known) => known === asked);
  if (effort === undefined) {
    throw invalidMember("output_config.effort", `one of ${efforts.join(", ")}`);
  }
  return effort === "max" && target === "openai" ? "xhigh" : effort;
}
