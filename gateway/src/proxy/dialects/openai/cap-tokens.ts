import type { JsonObject, JsonValue, MemberEdit } from "../json-body.ts";
import { choiceCount } from "./choice-count.ts";

/**
 * Bounds what all answers together may generate: each gets an equal share of `maxTokens`, and no
 * more answers are asked for than there are tokens to share.
 * @param members - names of the cap, any of which the provider may read; the first is added where
 *   none is given.
 */
export function capSharedTokens(
  body: JsonObject,
  maxTokens: number,
  members: readonly [string, ...string[]],
): MemberEdit[] {
  const bound = Math.max(1, maxTokens);
  const answers = Math.min(choiceCount(body), bound);
  const each = Math.floor(bound / answers);
  const edits = ["n", "best_of"]
    .filter((member) => isAbove(body[member], answers))
    .map((member) => ({ member, json: String(answers) }));
  const given = members.filter((member) => typeof body[member] === "number");
  if (given.length === 0) return [...edits, { member: members[0], json: String(each) }];
  const above = given.filter((member) => isAbove(body[member], each));
  return [...edits, ...above.map((member) => ({ member, json: String(each) }))];
}

function isAbove(value: JsonValue | undefined, limit: number): boolean {
  return typeof value === "number" && value > limit;
}
