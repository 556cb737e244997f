/** What an entrypoint returns. Structurally the gateway's contract of the same name. */
export type PolicyObligation =
  | { type: "cap_max_tokens"; maxTokens: number }
  | { type: "set_model"; model: string }
  | { type: "strip_tools"; tools: string[] }
  | { type: "redact"; paths: string[] }
  | { type: "pin_provider"; providers: string[] }
  | { type: "label"; labels: string[] };

export interface PolicyResult {
  effect: "deny" | "approve" | "allow";
  rules: { id: string; reason: string; owner: string }[];
  userMessage: string;
  retryable: boolean;
  approvers?: string[];
  obligations: PolicyObligation[];
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

/** One check for each type of obligation; a Map, so that no inherited name passes for one. */
const obligationChecks = new Map<unknown, (fields: Fields) => boolean>(
  Object.entries({
    cap_max_tokens: ({ maxTokens }) => Number.isSafeInteger(maxTokens) && Number(maxTokens) >= 1,
    set_model: ({ model }) => isText(model) && model !== "",
    strip_tools: ({ tools }) => isTexts(tools),
    redact: ({ paths }) => isTexts(paths),
    pin_provider: ({ providers }) => isTexts(providers),
    label: ({ labels }) => isTexts(labels),
  } satisfies Record<PolicyObligation["type"], (fields: Fields) => boolean>),
);

function isObligation(value: unknown): boolean {
  return isFields(value) && obligationChecks.get(value["type"])?.(value) === true;
}

function isRule(value: unknown): boolean {
  return (
    isFields(value) && isText(value["id"]) && isText(value["reason"]) && isText(value["owner"])
  );
}

/** Whether a policy's answer is one that can be enforced; anything else must count as a denial. */
export function isPolicyResult(value: unknown): value is PolicyResult {
  if (!isFields(value)) return false;
  const { effect, rules, userMessage, retryable, approvers, obligations } = value;
  return (
    (effect === "deny" || effect === "approve" || effect === "allow") &&
    Array.isArray(rules) &&
    rules.every(isRule) &&
    isText(userMessage) &&
    typeof retryable === "boolean" &&
    (approvers === undefined || isTexts(approvers)) &&
    Array.isArray(obligations) &&
    obligations.every(isObligation)
  );
}
