import type { DecisionItem } from "@weir/gateway/contracts";

/** `changed`: allowed with obligations, the changes that a call must undergo. */
export type Verdict = "denied" | "approval" | "changed" | "allowed";

const points: Readonly<Record<string, string>> = {
  llm_call: "Model call",
  tool_list: "Tool list",
  tool_call: "Tool call",
  tool_result: "Tool result",
  view: "View",
};

export function verdictOf({ effect, obligations }: DecisionItem): Verdict {
  if (effect === "deny") return "denied";
  if (effect === "approve") return "approval";
  return obligations.length > 0 ? "changed" : "allowed";
}

/** `Model call`, from the decision point's name in Rego. */
export function describePoint(point: string): string {
  const name = point.slice(point.lastIndexOf("/") + 1);
  return points[name] ?? name;
}

/** What was asked for: the model, with the alias it was named by, or else the operation. */
export function targetOf({ model, modelRequested, operation, point }: DecisionItem): string {
  if (model === "") return operation === "" ? describePoint(point) : operation;
  return isAlias({ model, modelRequested }) ? `${model} (as ${modelRequested})` : model;
}

/** The client named another model than the one that is asked of the provider. */
export function isAlias({
  model,
  modelRequested,
}: Pick<DecisionItem, "model" | "modelRequested">): boolean {
  return modelRequested !== "" && modelRequested !== model;
}

/** Why, in one sentence: policy's own message, else its rules' reasons. */
export function whyOf(item: DecisionItem): string {
  if (item.userMessage !== "") return item.userMessage;
  const reasons = item.rules.map((rule) => rule.reason).filter((reason) => reason !== "");
  if (reasons.length > 0) return reasons.join(" ");
  return item.effect === "deny" ? "No rule allows this call." : "Allowed as it was asked.";
}
