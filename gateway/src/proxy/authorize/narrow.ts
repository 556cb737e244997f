import type { Decision } from "../../contracts/decision.ts";
import { matchesPattern } from "../../contracts/pattern.ts";
import type { Grant } from "../../contracts/scope.ts";

const SHOWN_MODELS = 8;

/** Whether a credential's own list has the model; of a call without one, whether it could tell. */
export function isModelGranted(
  { models, alsoModels = [] }: Pick<Grant, "models" | "alsoModels">,
  call: { readonly model: string; readonly metered: boolean },
): boolean {
  return [...(models === null ? [] : [models]), ...alsoModels].every((list) => has(list, call));
}

function has(
  models: readonly string[],
  call: { readonly model: string; readonly metered: boolean },
): boolean {
  // Nobody sees which model a raw call or a batch names.
  if (call.model === "") return call.metered || models.includes("*");
  return models.some((pattern) => matchesPattern(pattern, call.model));
}

interface CallToNarrow {
  readonly model: string;
  readonly metered: boolean;
  /** Those that are offered to the model. */
  readonly toolNames?: readonly string[];
}

/** A tool that is offered and not granted; empty where nobody can see which are. */
function refusedTool(
  { obligations }: Pick<Decision, "obligations">,
  { tools: lists = [] }: Pick<Grant, "tools">,
  { metered, toolNames = [] }: CallToNarrow,
): string | null {
  if (lists.length === 0) return null;
  if (!metered) return lists.every((list) => list.includes("*")) ? null : "";
  const stripped = new Set(
    obligations.flatMap((each) => (each.type === "strip_tools" ? each.tools : [])),
  );
  const refused = toolNames.find(
    (name) =>
      !stripped.has(name) &&
      !lists.every((list) => list.some((pattern) => matchesPattern(pattern, name))),
  );
  return refused ?? null;
}

function withoutTool<T extends Omit<Decision, "id" | "revision" | "evalMicros">>(
  decision: T,
  tool: string,
): T {
  const what = tool === "" ? "an operation whose tools cannot be seen" : `the tool ${tool}`;
  const rule = {
    id: "key.tool_not_allowed",
    reason: `What the agent has been granted does not cover ${what}.`,
    owner: "platform",
  };
  const isDenied = decision.effect === "deny";
  const message = `This token may not be used with ${what}. Leave it out, or ask the person to grant it.`;
  return {
    ...decision,
    effect: "deny",
    rules: isDenied ? [...decision.rules, rule] : [rule],
    userMessage: isDenied ? decision.userMessage : message,
    retryable: false,
    obligations: [],
  };
}

/**
 * The decision on a call as the credential's own list of models narrows it. This is not left to
 * the policies: whoever replaces them must not thereby widen every key.
 */
export function narrowed<T extends Omit<Decision, "id" | "revision" | "evalMicros">>(
  decision: T,
  grant: Omit<Grant, "scopes">,
  call: CallToNarrow,
): T {
  const tool = refusedTool(decision, grant, call);
  if (tool !== null) return withoutTool(decision, tool);
  const models = grant.models ?? grant.alsoModels?.[0] ?? null;
  if (models === null) return decision;
  const refused = [call.model, ...modelsObliged(decision)].find(
    (model) => !isModelGranted(grant, { ...call, model }),
  );
  if (refused === undefined) return decision;
  const what = refused === "" ? "an operation whose model cannot be seen" : `model ${refused}`;
  const rule = {
    id: "key.model_not_allowed",
    reason: `The key's own list of models does not cover ${what}.`,
    owner: "platform",
  };
  const isDenied = decision.effect === "deny";
  const message = `This key may not use ${what}. It is made for: ${listed(models)}. Use one of them, or another key.`;
  return {
    ...decision,
    effect: "deny",
    // Those that allowed it no longer say what was decided.
    rules: isDenied ? [...decision.rules, rule] : [rule],
    userMessage: isDenied ? decision.userMessage : message,
    retryable: false,
    obligations: [],
  };
}

/** Where policy would send the call instead. */
function modelsObliged({ obligations }: Pick<Decision, "obligations">): string[] {
  return obligations.flatMap((each) => (each.type === "set_model" ? [each.model] : []));
}

function listed(models: readonly string[]): string {
  const shown = models.slice(0, SHOWN_MODELS).join(", ");
  return models.length > SHOWN_MODELS ? `${shown} and ${models.length - SHOWN_MODELS} more` : shown;
}
