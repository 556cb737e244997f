import type { JsonObject, MemberEdit } from "../json-body.ts";
import { generationConfigOf } from "./describe.ts";
import { objectIn, objectsIn, spellingOf } from "./members.ts";
import { resourceName } from "./path.ts";

export function capOutputTokens(body: JsonObject, maxTokens: number): MemberEdit[] {
  const { member, config } = generationConfigOf(body);
  const spelling = spellingOf(config, "maxOutputTokens") ?? "maxOutputTokens";
  const asked = config[spelling];
  if (typeof asked === "number" && asked <= maxTokens) return [];
  return [{ member, json: JSON.stringify({ ...config, [spelling]: maxTokens }) }];
}

/** The path names the model; a body that repeats it has to name the same. */
export function setBodyModel(model: string, body: JsonObject): MemberEdit[] {
  return Object.hasOwn(body, "model")
    ? [{ member: "model", json: JSON.stringify(resourceName(model)) }]
    : [];
}

export function setCountedModel(model: string, body: JsonObject): MemberEdit[] {
  const member = spellingOf(body, "generateContentRequest");
  const request = objectIn(body, "generateContentRequest");
  const outer = setBodyModel(model, body);
  if (member === null || request === null) return outer;
  return [...outer, { member, json: JSON.stringify(renamed(request, model)) }];
}

export function setBatchModel(model: string, body: JsonObject): MemberEdit[] {
  const requests = objectsIn(body, "requests");
  if (!requests.some((request) => Object.hasOwn(request, "model"))) return [];
  const json = JSON.stringify(requests.map((request) => renamed(request, model)));
  return [{ member: "requests", json }];
}

function renamed(request: JsonObject, model: string): JsonObject {
  return Object.hasOwn(request, "model") ? { ...request, model: resourceName(model) } : request;
}
