/**
 * Signed thoughts on their way through a chat client and back. Anthropic takes a thought back
 * only with its signature, so it goes to the client beside the text, in the members that
 * clients of several gateways keep: `reasoning_details` with a `format`.
 */
import type { LanguageModelV4ReasoningPart, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import { notTranslatable } from "../fate.ts";
import { requiredString } from "../read-member.ts";

const FORMAT = "anthropic-claude-v1";

/** Null for a thought without a signature: it can be shown, not sent back. */
export function reasoningDetail(
  text: string,
  metadata: SharedV4ProviderMetadata | undefined,
  index: number,
): JsonObject | null {
  const { signature, redactedData } = metadata?.["anthropic"] ?? {};
  if (typeof redactedData === "string") {
    return { type: "reasoning.encrypted", data: redactedData, format: FORMAT, index };
  }
  if (typeof signature !== "string") return null;
  return { type: "reasoning.text", text, signature, format: FORMAT, index };
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE for thoughts that are not Anthropic's */
export function parseReasoningDetails(
  details: JsonObject[],
  path: string,
): LanguageModelV4ReasoningPart[] {
  return details.map((detail, at) => {
    const where = `${path}[${at}].`;
    if (detail["format"] !== FORMAT) {
      throw notTranslatable(
        `${where}format`,
        "these are another provider's thoughts; leave them out.",
      );
    }
    if (detail["type"] === "reasoning.encrypted") {
      const redactedData = requiredString(detail, "data", where);
      return { type: "reasoning", text: "", providerOptions: { anthropic: { redactedData } } };
    }
    const signature = requiredString(detail, "signature", where);
    return {
      type: "reasoning",
      text: requiredString(detail, "text", where),
      providerOptions: { anthropic: { signature } },
    };
  });
}
