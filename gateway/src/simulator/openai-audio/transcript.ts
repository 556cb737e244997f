import type { TokenCounts } from "../../contracts/index.ts";
import { type Behaviour, behaviourOf } from "../behaviour.ts";
import type { Form } from "../form.ts";
import { fieldOf, fileOf } from "../serve-form.ts";
import { countWords } from "../text.ts";
import { noTokens } from "../token-sum.ts";

const bytesPerToken = 100;
const bytesPerSecond = 16_000;

/** What a form with a recording asks for. */
export interface TranscriptRequest {
  readonly task: "transcribe" | "translate";
  readonly digest: string;
  readonly model: string;
  readonly behaviour: Behaviour;
  readonly stream: boolean;
  readonly responseFormat: string;
  /** The transcript, piece by piece; a piece is a token. */
  readonly pieces: readonly string[];
  /** Seconds of sound; also what is billed, where sound is billed by the second. */
  readonly seconds: number;
  readonly billsSeconds: boolean;
  /** Input side of the bill; zero where sound is billed by the second. */
  readonly tokens: TokenCounts;
}

/**
 * Reads a form with a recording.
 * @throws {BadRequest} when the file or the model is missing.
 */
export function readTranscript(form: Form, task: TranscriptRequest["task"]): TranscriptRequest {
  const model = fieldOf(form, "model");
  const behaviour = behaviourOf(model);
  const file = fileOf(form, "file");
  const responseFormat = form.fields.get("response_format") ?? "json";
  // The older models are billed by time, and so is every reply that tells a duration.
  const isTimed = model.includes("whisper") || responseFormat === "verbose_json";
  const billsSeconds = behaviour.billsSeconds || isTimed || task === "translate";
  const tokens = {
    ...noTokens,
    inputUncached: countWords(form.fields.get("prompt") ?? ""),
    audioIn: 5 + Math.ceil(file.bytes / bytesPerToken),
  };
  const text = `This is Weir's simulator. The recording has ${file.bytes} bytes.`;
  return {
    task,
    digest: form.digest,
    model,
    behaviour,
    stream: form.fields.get("stream") === "true" && task === "transcribe",
    responseFormat,
    pieces: text.split(/(?= )/),
    seconds: Math.max(1, Math.ceil(file.bytes / bytesPerSecond)),
    billsSeconds,
    tokens: billsSeconds ? noTokens : tokens,
  };
}

/** The whole bill in tokens. */
export function transcriptTokens({ tokens, pieces, billsSeconds }: TranscriptRequest): TokenCounts {
  return { ...tokens, outputVisible: billsSeconds ? 0 : pieces.length };
}

/** The usage member of a transcript: tokens with sound apart from text, or seconds. */
export function transcriptUsage(request: TranscriptRequest): object {
  if (request.billsSeconds) return { type: "duration", seconds: request.seconds };
  const { audioIn, inputUncached, outputVisible } = transcriptTokens(request);
  return {
    type: "tokens",
    input_tokens: audioIn + inputUncached,
    input_token_details: { audio_tokens: audioIn, text_tokens: inputUncached },
    output_tokens: outputVisible,
    total_tokens: audioIn + inputUncached + outputVisible,
  };
}
