import { countField } from "../fields.ts";
import type { JsonObject } from "../json-body.ts";

/** Answers that are generated, and billed, for one request: `n` of them, of `best_of` tried. */
export function choiceCount(body: JsonObject): number {
  return Math.max(1, countField(body, "n") ?? 1, countField(body, "best_of") ?? 1);
}

/** What all answers together may cost, from the cap on each; null when there is none. */
export function tokensOfAll(perAnswer: number | null, answers: number): number | null {
  return perAnswer === null ? null : Math.min(Number.MAX_SAFE_INTEGER, perAnswer * answers);
}
