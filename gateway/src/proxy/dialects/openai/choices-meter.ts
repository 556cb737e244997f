import type { FrameVerdict, ResponseFacts, StreamMeter } from "../dialect.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";
import { unknownResponse } from "../response-facts.ts";
import { sseData } from "../sse-frame.ts";
import { count, member } from "../token-counts.ts";
import { completionTokens } from "./completion-usage.ts";
import { isAbsentOrNull, jsonPieceAt } from "../json-piece.ts";

/** What differs between answers made of `choices`: chat completions and completions. */
export interface ChoiceFormat {
  /** How the member ends that holds a choice's new text: a quote, the commonest byte, is slow to find. */
  readonly deltaKey: string;
  /** Sticky: what stands before (from `deltaKey` on) and behind the text of a frame that tells no more. */
  readonly usual: readonly { readonly before: RegExp; readonly behind: RegExp }[];
  /** Reads one choice of a chunk: text, tool calls. */
  readDelta(facts: ResponseFacts, choice: JsonObject): void;
  /** Reads one choice of a whole answer. */
  readChoice(facts: ResponseFacts, choice: JsonObject): void;
}

function choicesOf(body: JsonObject): JsonObject[] {
  const value = body["choices"];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function readNames(facts: ResponseFacts, body: JsonObject): void {
  if (facts.modelUsed === "") facts.modelUsed = text(body["model"]);
  if (facts.responseId === "") facts.responseId = text(body["id"]);
}

/** Compatible providers tell a stream's usage in places of their own, Moonshot in a choice. */
function usageIn(chunk: JsonObject): JsonObject | null {
  const places = [
    chunk["usage"],
    member(chunk, "x_groq")?.["usage"],
    choicesOf(chunk)[0]?.["usage"],
  ];
  return places.find(isJsonObject) ?? null;
}

function readUsage(facts: ResponseFacts, usage: JsonValue | undefined): void {
  if (!isJsonObject(usage)) return;
  facts.tokens = completionTokens(usage);
  facts.totalTokens = count(usage, "total_tokens");
  facts.rawUsage = JSON.stringify(usage);
  facts.usageIsFinal = facts.tokens !== null;
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function readFinish(facts: ResponseFacts, choice: JsonObject): void {
  const reason = text(choice["finish_reason"]);
  if (reason !== "" && !facts.finishReasons.includes(reason)) facts.finishReasons.push(reason);
}

export function meterChoicesJson(format: ChoiceFormat, body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  readNames(facts, body);
  readUsage(facts, body["usage"]);
  facts.ended = true;
  for (const choice of choicesOf(body)) {
    readFinish(facts, choice);
    format.readChoice(facts, choice);
  }
  return facts;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Leaves `lastIndex` of the sticky pattern behind what it matched. */
function matchesAt(sticky: RegExp, latin1: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(latin1);
}

class ChoicesStreamMeter implements StreamMeter {
  readonly #facts = unknownResponse();
  readonly #format: ChoiceFormat;
  readonly #stripUsageFrame: boolean;
  /** The last that was told; some providers tell it in every chunk, so it is read only when asked. */
  #usage: JsonObject | null = null;

  constructor(format: ChoiceFormat, stripUsageFrame: boolean) {
    this.#format = format;
    this.#stripUsageFrame = stripUsageFrame;
  }

  frame(frame: Buffer): FrameVerdict {
    if (this.#facts.modelUsed !== "" && this.#readUsualDelta(frame)) return "forward";
    const data = sseData(frame).trim();
    if (data === "") return "forward";
    if (data === "[DONE]") {
      this.#facts.ended = true;
      return "terminal";
    }
    const chunk = parsed(data);
    return isJsonObject(chunk) ? this.#chunk(chunk) : "forward";
  }

  /** Most frames carry one piece of text and nothing else: no need to parse those. */
  #readUsualDelta(frame: Buffer): boolean {
    const latin1 = frame.toString("latin1");
    const { deltaKey, usual } = this.#format;
    const start = latin1.indexOf(deltaKey);
    const form =
      start === -1 ? undefined : usual.find(({ before }) => matchesAt(before, latin1, start));
    if (form === undefined) return false;
    const piece = jsonPieceAt(frame, latin1, form.before.lastIndex);
    if (piece === null) return false;
    const isUsual =
      matchesAt(form.behind, latin1, piece.end) &&
      !latin1.includes(deltaKey, piece.end) &&
      isAbsentOrNull(latin1, 'finish_reason":') &&
      isAbsentOrNull(latin1, 'usage":') &&
      isAbsentOrNull(latin1, 'error":');
    if (isUsual) this.#facts.output.append(piece.value);
    return isUsual;
  }

  #chunk(chunk: JsonObject): FrameVerdict {
    const facts = this.#facts;
    readNames(facts, chunk);
    this.#usage = usageIn(chunk) ?? this.#usage;
    // vLLM writes its errors as an object of that kind rather than under `error`.
    if ((chunk["error"] ?? null) !== null || chunk["object"] === "error") {
      facts.errorInStream = true;
    }
    for (const choice of choicesOf(chunk)) {
      readFinish(facts, choice);
      this.#format.readDelta(facts, choice);
    }
    const { choices, usage } = chunk;
    const onlyTellsUsage = isJsonObject(usage) && Array.isArray(choices) && choices.length === 0;
    return onlyTellsUsage && this.#stripUsageFrame ? "strip" : "forward";
  }

  facts(): ResponseFacts {
    if (this.#usage !== null) readUsage(this.#facts, this.#usage);
    this.#usage = null;
    return this.#facts;
  }
}

export function choicesStreamMeter(
  format: ChoiceFormat,
  { stripUsageFrame }: { stripUsageFrame: boolean },
): StreamMeter {
  return new ChoicesStreamMeter(format, stripUsageFrame);
}
