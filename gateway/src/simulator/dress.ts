import type { Behaviour } from "./behaviour.ts";
import { framing, type Reply, type Step, streamContentType } from "./reply.ts";

/** Writes an event stream in a rarer form of the same meaning, as its model name asks. */
export function dressed(reply: Reply, behaviour: Behaviour): Reply {
  const { crlf, multiline, pings } = behaviour;
  if (!(crlf || multiline || pings) || reply.contentType !== streamContentType) return reply;
  const dress = (bytes: string): string => {
    const spread = multiline ? bytes.replace(oneObject, "data: {\ndata: $1\ndata: }") : bytes;
    return crlf ? spread.replaceAll("\n", "\r\n") : spread;
  };
  const dressStep = (step: Step): Step =>
    typeof step.bytes === "string" ? { ...step, bytes: dress(step.bytes) } : step;
  const ping = framing(dress(": ping\n\n"));
  return {
    ...reply,
    steps: reply.steps.flatMap((step) => (pings ? [ping, dressStep(step)] : [dressStep(step)])),
    errorEvent: reply.errorEvent === null ? null : dress(reply.errorEvent),
  };
}

// JSON may have white space inside its outer braces, and lines of data are joined by a line feed.
const oneObject = /^data: \{(.+)\}$/m;
