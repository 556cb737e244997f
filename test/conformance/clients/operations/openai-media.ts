import { Buffer } from "node:buffer";
import type OpenAI from "openai";
import { toFile } from "openai";
import { allOf, type ClientOperation } from "../../../support/conformance/operation.ts";
import { openaiAt } from "./openai.ts";

function operation(name: string, run: (openai: OpenAI) => Promise<unknown>): ClientOperation {
  return { name: `openai: ${name}`, run: async (connection) => run(openaiAt(connection)) };
}

const sound = () => toFile(Buffer.alloc(40_000, 7), "speech.wav", { type: "audio/wav" });
const picture = (name: string) => toFile(Buffer.alloc(2_000, 9), name, { type: "image/png" });
const speech = { model: "sim-echo", voice: "alloy", input: "a word or two" };

/** The one order that Weir refuses: what decides is split by the file, which is on its way by then. */
export const streamBehindFile = operation(
  "a transcription with its stream flag last",
  async (openai) =>
    allOf(
      openai.audio.transcriptions.create({
        model: "gpt-4o-transcribe",
        file: await sound(),
        stream: true,
      }),
    ),
);

/** The official package's sounds and pictures: bytes out, forms in, and streams of both. */
export const openaiMedia: readonly ClientOperation[] = [
  operation("speech", async (openai) => (await openai.audio.speech.create(speech)).arrayBuffer()),
  operation("speech in events", async (openai) =>
    (await openai.audio.speech.create({ ...speech, stream_format: "sse" })).text(),
  ),
  operation("a transcription", async (openai) =>
    openai.audio.transcriptions.create({ model: "gpt-4o-transcribe", file: await sound() }),
  ),
  operation("a transcription, billed by the second", async (openai) =>
    openai.audio.transcriptions.create({
      model: "whisper-1",
      file: await sound(),
      response_format: "verbose_json",
    }),
  ),
  operation("a transcription as text", async (openai) =>
    openai.audio.transcriptions.create({
      model: "whisper-1",
      file: await sound(),
      response_format: "srt",
    }),
  ),
  operation("a transcription whose file comes first, streamed", async (openai) =>
    allOf(
      openai.audio.transcriptions.create({
        file: await sound(),
        model: "gpt-4o-transcribe",
        stream: true,
      }),
    ),
  ),
  operation("a transcription whose file comes last, streamed", async (openai) =>
    allOf(
      openai.audio.transcriptions.create({
        model: "gpt-4o-transcribe",
        stream: true,
        file: await sound(),
      }),
    ),
  ),
  operation("a transcription, refused", async (openai) =>
    openai.audio.transcriptions.create({ model: "sim-error-400", file: await sound() }),
  ),
  operation("a translation", async (openai) =>
    openai.audio.translations.create({ model: "whisper-1", file: await sound() }),
  ),
  operation("pictures", (openai) =>
    openai.images.generate({ model: "gpt-image-1", prompt: "a weir", n: 2 }),
  ),
  operation("pictures, streamed", (openai) =>
    allOf(
      openai.images.generate({
        model: "gpt-image-1",
        prompt: "a weir",
        stream: true,
        partial_images: 2,
      }),
    ),
  ),
  operation("an edited picture", async (openai) =>
    openai.images.edit({
      model: "gpt-image-1",
      prompt: "wider",
      image: [await picture("one.png"), await picture("two.png")],
    }),
  ),
  operation("an edited picture, streamed", async (openai) =>
    allOf(
      openai.images.edit({
        model: "gpt-image-1",
        prompt: "wider",
        stream: true,
        image: await picture("one.png"),
      }),
    ),
  ),
];
