import { errorEvent, typedEvent } from "../openai/event.ts";
import type { TokenCounts } from "../../contracts/index.ts";
import {
  createdSeconds,
  framing,
  type Reply,
  type Step,
  streamContentType,
  wholeReply,
} from "../reply.ts";
import type { ImageRequest } from "./image.ts";

const tokensPerImage = 272;
const tokensPerPartial = 100;

// A whole PNG of one grey pixel.
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

/** Answers a request for pictures; each is billed as visible output. */
export function imageReply(request: ImageRequest): Reply {
  if (!request.stream) return wholeReply(wholeStep(request), request.tokens);
  return wholeReply(framing(""), request.tokens, {
    contentType: streamContentType,
    steps: streamSteps(request),
    errorEvent: errorEvent(),
  });
}

function wholeStep(request: ImageRequest): Step {
  const visible = request.images * tokensPerImage;
  const data = Array.from({ length: request.images }, () =>
    request.asUrl ? { url: `data:image/png;base64,${pixel}` } : { b64_json: pixel },
  );
  const usage = request.behaviour.reportsUsage ? { usage: usageOf(request, visible) } : {};
  const bytes = JSON.stringify({ created: createdSeconds, ...settings(request), data, ...usage });
  return { bytes, visible, reasoning: 0, ...reported(request, visible) };
}

function streamSteps(request: ImageRequest): readonly Step[] {
  const { eventPrefix, images, partials, behaviour } = request;
  const picture = { b64_json: pixel, created_at: createdSeconds, ...settings(request) };
  const steps: Step[] = [];
  let visible = 0;
  for (let image = 1; image <= images; image += 1) {
    for (let index = 0; index < partials; index += 1) {
      const type = `${eventPrefix}.partial_image`;
      const bytes = typedEvent({ type, ...picture, partial_image_index: index });
      steps.push({ bytes, visible: tokensPerPartial, reasoning: 0 });
      visible += tokensPerPartial;
    }
    visible += tokensPerImage;
    const usage = behaviour.reportsUsage ? { usage: usageOf(request, visible) } : {};
    const bytes = typedEvent({ type: `${eventPrefix}.completed`, ...picture, ...usage });
    steps.push({ bytes, visible: tokensPerImage, reasoning: 0, ...reported(request, visible) });
  }
  return steps;
}

function settings({ size, quality, outputFormat, background }: ImageRequest): object {
  return { size, quality, output_format: outputFormat, background };
}

function reported(
  { behaviour, tokens }: ImageRequest,
  outputVisible: number,
): { readonly reported?: TokenCounts } {
  return behaviour.reportsUsage ? { reported: { ...tokens, outputVisible } } : {};
}

function usageOf({ textTokens, imageTokens, tokens }: ImageRequest, output: number): object {
  return {
    input_tokens: tokens.inputUncached,
    input_tokens_details: { text_tokens: textTokens, image_tokens: imageTokens },
    output_tokens: output,
    output_tokens_details: { text_tokens: 0, image_tokens: output },
    total_tokens: tokens.inputUncached + output,
  };
}
