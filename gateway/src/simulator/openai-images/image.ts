import type { TokenCounts } from "../../contracts/index.ts";
import { type Behaviour, behaviourOf } from "../behaviour.ts";
import { BadRequest } from "../request.ts";
import { countWords } from "../text.ts";
import { noTokens } from "../token-sum.ts";
import type { Asked } from "../wire.ts";
import { imageReply } from "./reply.ts";

const tokensPerInputImage = 85;
const maxImages = 10;
const maxPartials = 3;

/** A request for pictures, whether to be made from text or from other pictures. */
export interface ImageRequest {
  /** What the names of a stream's events begin with. */
  readonly eventPrefix: "image_generation" | "image_edit";
  readonly model: string;
  readonly behaviour: Behaviour;
  readonly stream: boolean;
  readonly images: number;
  /** Unfinished pictures that a stream shows before each finished one. */
  readonly partials: number;
  readonly asUrl: boolean;
  /** Settings that the reply repeats. */
  readonly size: string;
  readonly quality: string;
  readonly outputFormat: string;
  readonly background: string;
  readonly textTokens: number;
  readonly imageTokens: number;
  /** Input side of the bill. */
  readonly tokens: TokenCounts;
}

/**
 * Reads a request for pictures from its members, which a form or a JSON body gives.
 * @throws {BadRequest} when the prompt is missing.
 */
export function askedImages(
  eventPrefix: ImageRequest["eventPrefix"],
  member: (name: string) => unknown,
  inputImages: number,
  digest: string,
): Asked {
  const text = (name: string, fallback: string): string => {
    const value = member(name);
    return typeof value === "string" ? value : fallback;
  };
  const prompt = member("prompt");
  if (typeof prompt !== "string") throw new BadRequest("prompt must be a string", "prompt");
  const model = text("model", "gpt-image-1");
  const stream = member("stream") === true || member("stream") === "true";
  const textTokens = 7 + countWords(prompt);
  const imageTokens = tokensPerInputImage * inputImages;
  const request: ImageRequest = {
    eventPrefix,
    model,
    behaviour: behaviourOf(model),
    stream,
    images: bounded(member("n"), 1, maxImages),
    partials: bounded(member("partial_images"), 0, maxPartials),
    asUrl: member("response_format") === "url",
    size: text("size", "1024x1024"),
    quality: text("quality", "low"),
    outputFormat: text("output_format", "png"),
    background: text("background", "opaque"),
    textTokens,
    imageTokens,
    tokens: { ...noTokens, inputUncached: textTokens + imageTokens },
  };
  return { digest, model, behaviour: request.behaviour, stream, reply: () => imageReply(request) };
}

function bounded(value: unknown, fallback: number, max: number): number {
  const number = Number(value ?? fallback);
  return Number.isInteger(number) && number >= fallback ? Math.min(number, max) : fallback;
}
