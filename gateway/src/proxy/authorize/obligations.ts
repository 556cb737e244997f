import type { Obligation } from "../../contracts/decision.ts";
import type { JsonOperation } from "../dialects/dialect.ts";
import type { JsonObject, MemberEdit } from "../dialects/json-body.ts";
import { Refusal } from "../refusal.ts";

/** Everything that a decision asks to change, brought together. */
export interface Changes {
  maxTokens: number | null;
  model: string | null;
  stripTools: ReadonlySet<string>;
  /** Providers the call may go to; null = any. */
  providers: ReadonlySet<string> | null;
}

/**
 * Merges obligations regardless of their order: the smallest cap, the union of what is stripped,
 * the intersection of providers. Two different models, or a kind of obligation that Weir cannot
 * carry out, is a denial: a call never goes on with an obligation left undone.
 *
 * @throws Refusal WEIR_POLICY_DENIED
 */
export function mergeObligations(obligations: readonly Obligation[]): Changes {
  let maxTokens: number | null = null;
  let providers: Set<string> | null = null;
  const models = new Set<string>();
  const stripTools = new Set<string>();
  for (const obligation of obligations) {
    switch (obligation.type) {
      case "cap_max_tokens":
        maxTokens = Math.min(maxTokens ?? Infinity, obligation.maxTokens);
        break;
      case "set_model":
        models.add(obligation.model);
        break;
      case "strip_tools":
        for (const tool of obligation.tools) stripTools.add(tool);
        break;
      case "pin_provider": {
        const pinned = new Set(obligation.providers);
        providers = providers === null ? pinned : pinned.intersection(providers);
        break;
      }
      case "label":
        break;
      default:
        throw undone(`the obligation '${obligation.type}' is not supported for this call`);
    }
  }
  if (models.size > 1) throw undone("two rules set different models");
  return { maxTokens, model: [...models][0] ?? null, stripTools, providers };
}

export function obligationEdits(
  changes: Changes,
  operation: Pick<JsonOperation, "capMaxTokens" | "stripTools">,
  body: JsonObject,
): MemberEdit[] {
  return [
    ...(changes.maxTokens === null ? [] : operation.capMaxTokens(body, changes.maxTokens)),
    ...(changes.stripTools.size === 0 ? [] : operation.stripTools(body, changes.stripTools)),
  ];
}

/**
 * For a body that cannot be changed on its way: obligations that would have to are a denial.
 *
 * @throws Refusal WEIR_POLICY_DENIED
 */
export function refuseEdits(changes: Changes): void {
  if (changes.maxTokens !== null) throw undone("tokens cannot be capped for this operation");
  if (changes.stripTools.size > 0) throw undone("tools cannot be taken out of this operation");
}

function undone(why: string): Refusal {
  return new Refusal("WEIR_POLICY_DENIED", {
    message: `Policy allows this call only with a change that cannot be made: ${why}. Tell your security team.`,
  });
}
