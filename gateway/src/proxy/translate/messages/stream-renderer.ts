import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { AnswerContext, Finish, StreamRenderer, UpstreamError } from "../client-dialect.ts";
import { unsupportedPart } from "../unsupported-part.ts";
import { BlockQueue, type MessagesEvent } from "./block-queue.ts";
import { emptyMessage } from "./render-answer.ts";
import { renderMessagesError } from "./render-error.ts";
import { messagesStopReason } from "./stop-reason.ts";
import { messagesDeltaUsage } from "./usage.ts";

type PartOf<Type extends LanguageModelV4StreamPart["type"]> = Extract<
  LanguageModelV4StreamPart,
  { type: Type }
>;

/** A text that has ended may go on under the same id; tools' ids are their own. */
const textKey = (id: string) => `text:${id}`;

/** Events of a Messages stream. */
export class MessagesStreamRenderer implements StreamRenderer {
  readonly #context: AnswerContext;
  readonly #blocks: BlockQueue;
  readonly #argumentsBegun = new Map<string, boolean>();
  #frames = "";
  #openText: string | null = null;
  #begun = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#blocks = new BlockQueue((event) => this.#send(event));
  }

  part(part: LanguageModelV4StreamPart): string | null {
    this.#read(part);
    return this.#take();
  }

  end(finish: Finish): [string, string] {
    const stop_reason = messagesStopReason(finish.finishReason);
    this.#begin();
    this.#blocks.endAll();
    this.#send({
      type: "message_delta",
      delta: { stop_reason, stop_sequence: null, stop_details: null, container: null },
      usage: messagesDeltaUsage(finish.usage),
    });
    return [this.#take() ?? "", frame({ type: "message_stop" })];
  }

  error(error: UpstreamError): string {
    return frame(renderMessagesError(error, this.#context));
  }

  #read(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case "stream-start":
      case "raw":
      case "source":
      case "custom":
      case "reasoning-start":
      case "reasoning-end":
      case "text-start":
        return;
      case "response-metadata":
        return this.#begin();
      case "ping":
      // Thoughts are not shown; a ping says that the model is at work.
      case "reasoning-delta":
        this.#begin();
        return this.#send({ type: "ping" });
      case "text-delta":
        return this.#text(part);
      case "text-end":
        return this.#endText();
      case "tool-input-start":
        return this.#startCall(part.id, part.toolName, part);
      case "tool-input-delta":
        return this.#argument(part.id, part.delta);
      case "tool-input-end":
        // Its block stays open for the whole call, which comes next.
        return undefined;
      case "tool-call":
        return this.#wholeCall(part);
      default:
        throw unsupportedPart(part.type);
    }
  }

  #text({ id, delta }: PartOf<"text-delta">): void {
    if (delta === "") return;
    const key = textKey(id);
    if (this.#openText !== key) {
      this.#endText();
      this.#begin();
      this.#openText = key;
      this.#blocks.start(key, { type: "text", text: "", citations: null });
    }
    this.#blocks.delta(key, { type: "text_delta", text: delta });
  }

  #endText(): void {
    if (this.#openText !== null) this.#blocks.end(this.#openText);
    this.#openText = null;
  }

  #startCall(id: string, name: string, part: PartOf<"tool-input-start" | "tool-call">): void {
    if (part.providerExecuted === true) throw unsupportedPart(part.type);
    this.#endText();
    this.#begin();
    this.#argumentsBegun.set(id, false);
    this.#blocks.start(id, { type: "tool_use", id, name, input: {}, caller: { type: "direct" } });
  }

  #argument(id: string, delta: string): void {
    if (delta === "" || !this.#argumentsBegun.has(id)) return;
    this.#argumentsBegun.set(id, true);
    this.#blocks.delta(id, { type: "input_json_delta", partial_json: delta });
  }

  #wholeCall(part: PartOf<"tool-call">): void {
    const id = part.toolCallId;
    if (!this.#argumentsBegun.has(id)) this.#startCall(id, part.toolName, part);
    if (this.#argumentsBegun.get(id) === false) this.#argument(id, part.input);
    this.#blocks.end(id);
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#send({ type: "message_start", message: emptyMessage(this.#context) });
  }

  #send(event: MessagesEvent): void {
    this.#frames += frame(event);
  }

  #take(): string | null {
    const frames = this.#frames;
    this.#frames = "";
    return frames === "" ? null : frames;
  }
}

function frame(event: MessagesEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
