/** Reads typed members of a request body; a wrong type is the caller's error, named by member. */
import { Refusal } from "../refusal.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-body.ts";

const MODEL_NAME_MAX = 256;
// A call's row has a bounded size, and no API takes more tools than this.
const TOOLS_MAX = 1_000;
const TOOL_NAME_MAX = 256;
const SHORT_TEXT_MAX = 512;

function invalid(member: string, expected: string): Refusal {
  return new Refusal("WEIR_FIELD_INVALID", { message: `'${member}' must be ${expected}.` });
}

/** A lone surrogate is no text: each reader puts something else in its place, and the ledger nothing. */
function isName(value: JsonValue | undefined, maxLength: number): value is string {
  return (
    typeof value === "string" && value !== "" && value.length <= maxLength && value.isWellFormed()
  );
}

export function modelField(body: JsonObject): string {
  const model = body["model"];
  if (!isName(model, MODEL_NAME_MAX)) {
    throw invalid("model", `the name of a model, at most ${MODEL_NAME_MAX} characters`);
  }
  return model;
}

export function streamField(body: JsonObject): boolean {
  const stream = body["stream"] ?? false;
  if (typeof stream !== "boolean") throw invalid("stream", "true or false");
  return stream;
}

export function countField(body: JsonObject, member: string): number | null {
  const value = body[member] ?? null;
  if (value === null) return null;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw invalid(member, "a whole number");
  }
  return value;
}

/** A text that is recorded beside the call; what is no text or too long counts as not said. */
export function shortText(value: JsonValue | undefined): string {
  return isName(value, SHORT_TEXT_MAX) ? value : "";
}

/** A list of objects; absent and null count as empty. */
export function objectsField(body: JsonObject, member: string): JsonObject[] {
  const value = body[member] ?? [];
  if (!Array.isArray(value) || !value.every(isJsonObject)) {
    throw invalid(member, "a list of objects");
  }
  return value;
}

/** The first that is a non-empty string: a tool without any cannot be decided on, so is refused. */
export function toolName(...candidates: (JsonValue | undefined)[]): string {
  const name = candidates.find((candidate) => typeof candidate === "string" && candidate !== "");
  if (!isName(name, TOOL_NAME_MAX)) {
    throw invalid("tools", `a list of tools with names of at most ${TOOL_NAME_MAX} characters`);
  }
  return name;
}

/** All names of one request, if they are not too many to decide on and to record. */
export function boundedToolNames(names: string[]): string[] {
  if (names.length > TOOLS_MAX) throw invalid("tools", `a list of at most ${TOOLS_MAX} tools`);
  return names;
}
