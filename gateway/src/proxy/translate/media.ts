/** Images and files as requests carry them, turned into the AI SDK's file parts. */
import type { LanguageModelV4FilePart } from "@ai-sdk/provider";
import { notTranslatable } from "./fate.ts";
import { invalidMember } from "./read-member.ts";

export interface DataUrl {
  mediaType: string;
  base64: string;
}

const MEDIA_TYPE = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/;

/** Null when it is no data URL at all. @throws Refusal WEIR_FIELD_INVALID when it is a broken one */
export function parseDataUrl(url: string, path: string): DataUrl | null {
  if (!url.startsWith("data:")) return null;
  const comma = url.indexOf(",");
  const [mediaType = "", ...parameters] = url
    .slice(5, comma === -1 ? 0 : comma)
    .toLowerCase()
    .split(";");
  if (!MEDIA_TYPE.test(mediaType) || parameters.at(-1) !== "base64") {
    throw invalidMember(path, "a data URL of the form data:<media type>;base64,<data>");
  }
  return { mediaType, base64: url.slice(comma + 1) };
}

export function inlineFile(file: DataUrl, filename?: string): LanguageModelV4FilePart {
  return {
    type: "file",
    mediaType: file.mediaType,
    data: { type: "data", data: file.base64 },
    ...(filename === undefined ? {} : { filename }),
  };
}

const mediaTypesByExtension: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  bmp: "image/bmp",
};

function parseUrl(url: string, path: string): URL {
  try {
    return new URL(url);
  } catch {
    throw invalidMember(path, "a URL");
  }
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function imageByUrl(url: string, target: string, path: string): LanguageModelV4FilePart {
  const parsed = parseUrl(url, path);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") {
    throw invalidMember(path, "an http, https or data URL");
  }
  const data = { type: "url", url: parsed } as const;
  if (target !== "gemini") return { type: "file", mediaType: "image/*", data };
  // Gemini wants the media type beside the address, and only the address can tell it here.
  const extension = parsed.pathname.split(".").at(-1)?.toLowerCase() ?? "";
  const mediaType = mediaTypesByExtension[extension];
  if (parsed.protocol === "https:" && mediaType !== undefined) {
    return { type: "file", mediaType, data };
  }
  throw notTranslatable(
    path,
    "Gemini must be told the image's type; send the image as a base64 data URL.",
  );
}
