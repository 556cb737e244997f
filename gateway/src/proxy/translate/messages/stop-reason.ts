import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";
import { UnreadableAnswer } from "../translator.ts";

/** @throws UnreadableAnswer when the answer is none */
export function messagesStopReason({ unified, raw }: LanguageModelV4FinishReason): string {
  switch (unified) {
    case "stop":
    case "other":
      return "end_turn";
    case "length":
      return "max_tokens";
    case "content-filter":
      return "refusal";
    case "tool-calls":
      return "tool_use";
    default:
      throw new UnreadableAnswer(
        `The provider's answer has no proper end (${raw ?? "none told"}).`,
      );
  }
}
