import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import type { AnswerContext, Finish, StreamRenderer, UpstreamError } from "../client-dialect.ts";
import { unsupportedPart } from "../unsupported-part.ts";
import { chatFinishReason } from "./finish-reason.ts";
import { reasoningDetail } from "./reasoning-details.ts";
import { extraContent } from "./render-answer.ts";
import { renderChatError } from "./render-error.ts";
import { chatUsage } from "./usage.ts";

interface OpenCall {
  index: number;
  argumentsBegun: boolean;
}

interface OpenThought {
  text: string;
  metadata: Extract<LanguageModelV4StreamPart, { type: "reasoning-end" }>["providerMetadata"];
}

type PartOf<Type extends LanguageModelV4StreamPart["type"]> = Extract<
  LanguageModelV4StreamPart,
  { type: Type }
>;

/** Parts that say nothing which a chat stream tells at their place. */
const silent = new Set([
  "stream-start",
  "response-metadata",
  "text-start",
  "text-end",
  "tool-input-end",
  "source",
  "custom",
  "ping",
  "raw",
]);

/** Chunks of a chat completions stream. */
export class ChatStreamRenderer implements StreamRenderer {
  readonly #context: AnswerContext;
  readonly #calls = new Map<string, OpenCall>();
  readonly #thoughts = new Map<string, OpenThought>();
  #detailCount = 0;
  #begun = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  part(part: LanguageModelV4StreamPart): string | null {
    switch (part.type) {
      case "text-delta":
        return part.delta === "" ? null : this.#delta({ content: part.delta });
      case "reasoning-start":
        this.#thoughts.set(part.id, { text: "", metadata: part.providerMetadata });
        return null;
      case "reasoning-delta":
        return this.#thought(part);
      case "reasoning-end":
        return this.#thoughtEnd(part);
      case "tool-input-start":
        return this.#call(part.id, part.toolName, part);
      case "tool-input-delta":
        return this.#argument(part.id, part.delta);
      case "tool-call":
        return this.#wholeCall(part);
      default:
        if (silent.has(part.type)) return null;
        throw unsupportedPart(part.type);
    }
  }

  end(finish: Finish): [string, string] {
    const finishReason = chatFinishReason(finish.finishReason);
    let before = this.#delta({}, finishReason);
    if (this.#context.usageAsked) {
      const usage = chatUsage(finish.usage);
      if (usage !== null) before += this.#frame({ choices: [], usage });
    }
    return [before, "data: [DONE]\n\n"];
  }

  error(error: UpstreamError): string {
    return `data: ${JSON.stringify(renderChatError(error))}\n\n`;
  }

  #thought(part: PartOf<"reasoning-delta">): string | null {
    const thought = this.#thoughts.get(part.id);
    if (thought !== undefined) {
      // Kept for the signature that comes last: it goes back to the provider with the text.
      thought.text += part.delta;
      thought.metadata = part.providerMetadata ?? thought.metadata;
    }
    return part.delta === "" ? null : this.#delta({ reasoning_content: part.delta });
  }

  #thoughtEnd(part: PartOf<"reasoning-end">): string | null {
    const thought = this.#thoughts.get(part.id);
    this.#thoughts.delete(part.id);
    const detail = reasoningDetail(
      thought?.text ?? "",
      part.providerMetadata ?? thought?.metadata,
      this.#detailCount,
    );
    if (detail === null) return null;
    this.#detailCount += 1;
    return this.#delta({ reasoning_details: [detail] });
  }

  #call(id: string, name: string, part: PartOf<"tool-input-start" | "tool-call">): string {
    if (part.providerExecuted === true) throw unsupportedPart(part.type);
    const index = this.#calls.size;
    this.#calls.set(id, { index, argumentsBegun: false });
    const called = { name, arguments: "" };
    return this.#delta({
      tool_calls: [
        { index, id, type: "function", function: called, ...extraContent(part.providerMetadata) },
      ],
    });
  }

  #argument(id: string, delta: string): string | null {
    const call = this.#calls.get(id);
    if (call === undefined || delta === "") return null;
    call.argumentsBegun = true;
    return this.#delta({ tool_calls: [{ index: call.index, function: { arguments: delta } }] });
  }

  /** Comes after its pieces, or alone. */
  #wholeCall(part: PartOf<"tool-call">): string | null {
    const start = this.#calls.has(part.toolCallId)
      ? ""
      : this.#call(part.toolCallId, part.toolName, part);
    const argumentsBegun = this.#calls.get(part.toolCallId)?.argumentsBegun === true;
    return start + (argumentsBegun ? "" : (this.#argument(part.toolCallId, part.input) ?? ""));
  }

  #delta(delta: JsonObject, finishReason: string | null = null): string {
    const role = this.#begun ? {} : { role: "assistant", content: "", refusal: null };
    this.#begun = true;
    const choice = {
      index: 0,
      delta: { ...role, ...delta },
      logprobs: null,
      finish_reason: finishReason,
    };
    return this.#frame({
      choices: [choice],
      ...(this.#context.usageAsked ? { usage: null } : {}),
    });
  }

  #frame(members: JsonObject): string {
    const chunk = {
      id: `chatcmpl-${this.#context.callId}`,
      object: "chat.completion.chunk",
      created: this.#context.createdSeconds,
      model: this.#context.model,
      ...members,
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }
}
