import { errorEvent, typedEvent } from "../openai/event.ts";
import { framing, type Reply, type Step, streamContentType, wholeReply } from "../reply.ts";
import { type TranscriptRequest, transcriptTokens, transcriptUsage } from "./transcript.ts";

/** Answers a transcription or a translation. */
export function transcriptReply(request: TranscriptRequest): Reply {
  const { tokens, billsSeconds, seconds, stream } = request;
  const billedSeconds = billsSeconds ? seconds : 0;
  if (!stream) {
    const { step, contentType } = whole(request);
    return wholeReply(step, tokens, { contentType, billedSeconds });
  }
  return wholeReply(framing(""), tokens, {
    contentType: streamContentType,
    billedSeconds,
    steps: streamSteps(request),
    errorEvent: errorEvent(),
  });
}

function whole(request: TranscriptRequest): { readonly step: Step; readonly contentType: string } {
  const { pieces, responseFormat, seconds, task } = request;
  const text = pieces.join("");
  const { outputVisible } = transcriptTokens(request);
  const output = { visible: outputVisible, reasoning: 0 };
  const clock = "00:00:00,000 --> 00:00:01,000";
  const json = (members: object): { readonly step: Step; readonly contentType: string } => {
    const bytes = JSON.stringify({ ...members, ...(tells(request) ? usageOf(request) : {}) });
    return { step: { bytes, ...output, ...reportedOf(request) }, contentType: "application/json" };
  };
  const plain = (bytes: string, contentType: string): { step: Step; contentType: string } => ({
    step: { bytes, ...output },
    contentType,
  });
  switch (responseFormat) {
    case "text":
      return plain(`${text}\n`, "text/plain; charset=utf-8");
    case "srt":
      return plain(`1\n${clock}\n${text}\n\n`, "application/x-subrip");
    case "vtt":
      return plain(`WEBVTT\n\n${clock.replaceAll(",", ".")}\n${text}\n\n`, "text/vtt");
    case "verbose_json":
      return json({ task, language: "english", duration: seconds, text, segments: [] });
    default:
      return json({ text });
  }
}

function streamSteps(request: TranscriptRequest): readonly Step[] {
  const { pieces, billsSeconds } = request;
  const done = { type: "transcript.text.done", text: pieces.join("") };
  const usage = tells(request) ? usageOf(request) : {};
  const { reported } = reportedOf(request);
  return [
    ...pieces.map((delta) => ({
      bytes: typedEvent({ type: "transcript.text.delta", delta }),
      visible: billsSeconds ? 0 : 1,
      reasoning: 0,
    })),
    framing(typedEvent({ ...done, ...usage }), reported),
  ];
}

// Translations never tell their usage.
function tells({ behaviour, task }: TranscriptRequest): boolean {
  return behaviour.reportsUsage && task === "transcribe";
}

function usageOf(request: TranscriptRequest): { readonly usage: object } {
  return { usage: transcriptUsage(request) };
}

function reportedOf(request: TranscriptRequest): Pick<Step, "reported"> {
  const inTokens = tells(request) && !request.billsSeconds;
  return inTokens ? { reported: transcriptTokens(request) } : {};
}
