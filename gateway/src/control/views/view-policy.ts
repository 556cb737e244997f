import {
  denyOnError,
  loadPolicyEvaluator,
  type PolicyEvaluator,
  type PolicyResult,
} from "@weir/policies/evaluate";
import type { LoadedPolicy } from "../snapshot/build.ts";
import { policyData, type TeamRow } from "../snapshot/policy-data.ts";
import { readTeams } from "../snapshot/read-source.ts";
import type { Actor } from "../store/change.ts";
import type { Store } from "../store/open-store.ts";
import type { ViewAnswer, ViewQuestion } from "./view.ts";
import { viewInput } from "./view-input.ts";
import { teamOf, viewerOf } from "./viewer.ts";

export interface ViewPolicyOptions {
  readonly store: Store;
  /** The policy in force; null = none has ever been loaded, and nothing is shown. */
  readonly loaded: () => Pick<LoadedPolicy, "revision" | "wasm" | "entrypoints"> | null;
  readonly now: () => number;
  readonly log: { error: (fields: object, message: string) => void };
}

/** Decides views by the policy that is in force, in process. */
export class ViewPolicy {
  readonly #options: ViewPolicyOptions;
  #current: { readonly revision: string; readonly evaluator: Promise<PolicyEvaluator> } | null =
    null;

  constructor(options: ViewPolicyOptions) {
    this.#options = options;
  }

  /** Never rejects: what cannot be evaluated is denied. */
  async decide(actor: Actor, question: ViewQuestion): Promise<ViewAnswer> {
    try {
      return answerOf(await this.#evaluate(actor, question));
    } catch (error) {
      this.#options.log.error({ err: error }, "a view could not be decided, and is denied");
      return answerOf(denyOnError(error));
    }
  }

  async #evaluate(actor: Actor, question: ViewQuestion): Promise<PolicyResult> {
    const { store, loaded, now } = this.#options;
    const policy = loaded();
    if (policy === null) return denyOnError(null);
    const [viewer, teamId, teams, evaluator] = await Promise.all([
      viewerOf(store, actor),
      teamOf(store, question.personId),
      readTeams(store),
      this.#evaluatorOf(policy),
    ]);
    const { revision } = policy;
    const input = viewInput({ viewer, question, teamId, nowMs: now(), revision });
    evaluator.setData(dataOf(teams));
    return evaluator.decide("view", input);
  }

  #evaluatorOf(policy: Pick<LoadedPolicy, "revision" | "wasm" | "entrypoints">) {
    const { revision, wasm, entrypoints } = policy;
    if (this.#current?.revision === revision) return this.#current.evaluator;
    const bytes = Buffer.from(wasm, "base64");
    const evaluator = loadPolicyEvaluator({ wasm: bytes, entrypoints, data: dataOf([]), revision });
    this.#current = { revision, evaluator };
    // What could not be loaded is tried again with the next view.
    evaluator.catch(() => (this.#current = null));
    return evaluator;
  }
}

function dataOf(teams: readonly TeamRow[]): object {
  return { weir: policyData(teams) };
}

/** What the lattice says when no rule has found anything: then the role alone decides. */
const noRule = "default.deny";

/** Policies only narrow. There is nobody to approve a view, so what needs approval is denied. */
function answerOf({ effect, rules, userMessage }: PolicyResult): ViewAnswer {
  const isSilent = rules.length === 1 && rules[0]?.id === noRule && rules[0].owner === "weir";
  if (effect === "allow" || isSilent) return { isAllowed: true, ruleIds: [], message: "" };
  const reasons = rules.map(({ reason }) => reason).join(" ");
  const message = userMessage || reasons || "A policy does not allow this view.";
  return { isAllowed: false, ruleIds: rules.map(({ id }) => id), message };
}
