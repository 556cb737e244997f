/** Google's resource paths: https://ai.google.dev/api/generate-content */

const verbs = [
  "generateContent",
  "streamGenerateContent",
  "countTokens",
  "embedContent",
  "batchEmbedContents",
] as const;
export type GeminiVerb = (typeof verbs)[number];

export interface GeminiPath {
  readonly version: "v1" | "v1beta";
  /** Without `models/`; a tuned model keeps its `tunedModels/`. Null = the list of models. */
  readonly model: string | null;
  readonly verb: GeminiVerb | null;
}

const PATH = /^\/(v1|v1beta)\/(models|tunedModels)(?:\/(.+))?$/;
const NAME_MAX = 256;
// Words that no URL parser could take for another path: no empty one, none that begins with a dot.
const NAME = /^[\w@-][\w.@-]*(?:[:/][\w@-][\w.@-]*)*$/;
const TUNED = "tunedModels/";

/** What a path names, or null if it is not one of these. */
export function geminiPath(path: string): GeminiPath | null {
  const [, version, collection, rest] = PATH.exec(path) ?? [];
  if (version !== "v1" && version !== "v1beta") return null;
  if (rest === undefined) {
    return collection === "models" ? { version, model: null, verb: null } : null;
  }
  const colon = rest.lastIndexOf(":");
  const verb = verbs.find((candidate) => candidate === rest.slice(colon + 1)) ?? null;
  const name = decodedName(colon === -1 || verb === null ? rest : rest.slice(0, colon));
  if (name === null) return null;
  return { version, model: collection === "models" ? name : `${TUNED}${name}`, verb };
}

/** Path of a model below the provider's base URL, its name encoded so that it stays one segment. */
export function modelPath(version: string, model: string): string {
  const isTuned = model.startsWith(TUNED);
  const name = isTuned ? model.slice(TUNED.length) : model;
  return `/${version}/${isTuned ? TUNED : "models/"}${encodeURIComponent(name)}`;
}

/** The model's full name, for example `models/gemini-2.5-flash`. */
export function resourceName(model: string): string {
  return model.startsWith(TUNED) ? model : `models/${model}`;
}

/** The opposite: `models/` taken off, if it is there. */
export function modelName(resource: string): string {
  return resource.startsWith("models/") ? resource.slice("models/".length) : resource;
}

function decodedName(encoded: string): string | null {
  let name: string;
  try {
    name = decodeURIComponent(encoded);
  } catch {
    return null;
  }
  if (name.length > NAME_MAX || !NAME.test(name)) return null;
  // A second verb inside the name might be the one that the provider obeys.
  const hasVerb = name.split(/[:/]/).some((word) => verbs.some((verb) => verb === word));
  return hasVerb ? null : name;
}
