/**
 * What becomes of each member of a request that goes to a provider of another dialect. Every
 * documented member stands in a table; one that does not is refused, so nothing is lost unsaid.
 */
import { isDeepStrictEqual } from "node:util";
import type { JsonObject, JsonValue } from "../dialects/json-body.ts";
import { Refusal } from "../refusal.ts";

export type Fate =
  | { readonly fate: "carried"; readonly how: string }
  | { readonly fate: "dropped"; readonly reason: string }
  | {
      readonly fate: "refused";
      readonly advice: string;
      /** Values that ask for nothing but what happens anyway. */
      readonly harmless: readonly JsonValue[];
    };

/** By member, then by the dialect of the provider. */
export type MemberTable<Target extends string> = Readonly<
  Record<string, Readonly<Record<Target, Fate>>>
>;

export function carried(how: string): Fate {
  return { fate: "carried", how };
}

/** For a member whose loss changes no meaning. */
export function dropped(reason: string): Fate {
  return { fate: "dropped", reason };
}

export function refused(advice: string, ...harmless: JsonValue[]): Fate {
  return { fate: "refused", advice, harmless };
}

/** A no that names the field and says what to do. */
export function notTranslatable(field: string, advice: string, cause?: unknown): Refusal {
  return new Refusal("WEIR_NOT_TRANSLATABLE", {
    message: `'${field}' cannot be carried over to this model, whose provider speaks another dialect: ${advice}`,
    cause,
  });
}

/**
 * Refuses members that the target cannot have, and those that no table knows. `null` asks for
 * nothing in either dialect.
 *
 * @param where path of the object, ending in a dot, for example `messages[3].`; empty at the top
 * @throws Refusal WEIR_NOT_TRANSLATABLE
 */
export function checkMembers<Target extends string>(
  object: JsonObject,
  table: MemberTable<Target>,
  target: Target,
  where: string,
): void {
  for (const [member, value] of Object.entries(object)) {
    if (value === null || value === undefined) continue;
    const fate = Object.hasOwn(table, member) ? table[member]?.[target] : undefined;
    if (fate === undefined) {
      throw notTranslatable(`${where}${member}`, "Weir does not know this member; leave it out.");
    }
    if (fate.fate !== "refused") continue;
    if (fate.harmless.some((harmless) => isDeepStrictEqual(harmless, value))) continue;
    throw notTranslatable(`${where}${member}`, fate.advice);
  }
}
