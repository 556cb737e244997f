import { openaiFormat } from "../openai/format.ts";
import type { Route } from "../route.ts";
import { serveCall } from "../serve-call.ts";
import { serveForm } from "../serve-form.ts";
import { speechWire } from "./speech.ts";
import { readTranscript, type TranscriptRequest } from "./transcript.ts";
import { transcriptReply } from "./transcript-reply.ts";

const format = openaiFormat("openai-audio");

/** Speech, transcriptions and translations. */
export const audioRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/v1/audio/speech",
    wire: speechWire,
    serve: (call) => serveCall(speechWire, call),
  },
  recording("/v1/audio/transcriptions", "transcribe"),
  recording("/v1/audio/translations", "translate"),
];

function recording(path: string, task: TranscriptRequest["task"]): Route {
  return {
    method: "POST",
    path,
    wire: format,
    body: "unread",
    serve: (call) =>
      serveForm(format, call, {
        read: (form) => {
          const request = readTranscript(form, task);
          const { digest, model, behaviour, stream } = request;
          return { digest, model, behaviour, stream, reply: () => transcriptReply(request) };
        },
      }),
  };
}
