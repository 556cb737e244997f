import { errorEvent, typedEvent } from "../openai/event.ts";
import { modelOf, openaiWire, textMember } from "../openai/format.ts";
import { framing, type Reply, type Step, streamContentType } from "../reply.ts";
import { digestOf } from "../request.ts";
import { countWords } from "../text.ts";
import { noTokens } from "../token-sum.ts";

const bytesPerWord = 480;
const tokensPerWord = 20;

const contentTypes: Readonly<Record<string, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/opus",
  aac: "audio/aac",
  flac: "audio/flac",
  wav: "audio/wav",
  pcm: "audio/pcm",
};

/** Speech: so many bytes for each word, as a body that tells no usage, or as events that do. */
export const speechWire = openaiWire("openai-audio", (received) => {
  const { json } = received;
  const { model, behaviour } = modelOf(json);
  const words = Math.max(1, countWords(textMember(json, "input")));
  const format = typeof json["response_format"] === "string" ? json["response_format"] : "mp3";
  const stream = json["stream_format"] === "sse";
  const tokens = { ...noTokens, inputUncached: 7 + words };
  const spoken = Array.from({ length: words }, (_, index) => Buffer.alloc(bytesPerWord, index + 1));
  const told = behaviour.reportsUsage;
  return {
    digest: digestOf(received),
    model,
    behaviour,
    stream,
    reply: (): Reply => ({
      status: 200,
      headers: {},
      contentType: stream ? streamContentType : (contentTypes[format] ?? "audio/mpeg"),
      steps: stream ? speechEvents(spoken, tokens.inputUncached, told) : speechBytes(spoken),
      errorEvent: stream ? errorEvent() : "",
      billedInput: tokens,
      toolCalls: 0,
    }),
  };
});

function speechBytes(spoken: readonly Buffer[]): readonly Step[] {
  return spoken.map((bytes) => ({ bytes, visible: 0, reasoning: 0, audioOut: tokensPerWord }));
}

function speechEvents(spoken: readonly Buffer[], input: number, told: boolean): readonly Step[] {
  const audioOut = spoken.length * tokensPerWord;
  const usage = { input_tokens: input, output_tokens: audioOut, total_tokens: input + audioOut };
  const done = typedEvent({ type: "speech.audio.done", ...(told ? { usage } : {}) });
  const reported = told ? { ...noTokens, inputUncached: input, audioOut } : undefined;
  return [
    ...spoken.map((bytes) => ({
      bytes: typedEvent({ type: "speech.audio.delta", audio: bytes.toString("base64") }),
      visible: 0,
      reasoning: 0,
      audioOut: tokensPerWord,
    })),
    framing(done, reported),
  ];
}
