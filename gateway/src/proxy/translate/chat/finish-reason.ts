import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";
import { UnreadableAnswer } from "../translator.ts";

/** @throws UnreadableAnswer when the answer is none */
export function chatFinishReason({ unified, raw }: LanguageModelV4FinishReason): string {
  switch (unified) {
    case "stop":
    case "other":
      return "stop";
    case "length":
      return "length";
    case "content-filter":
      return "content_filter";
    case "tool-calls":
      return "tool_calls";
    default:
      throw new UnreadableAnswer(
        `The provider's answer has no proper end (${raw ?? "none told"}).`,
      );
  }
}
