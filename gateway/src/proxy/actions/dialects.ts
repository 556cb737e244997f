/** Tools that clients run themselves: they ask before, here. */
import type { ActionAnswer } from "../../contracts/api/actions.ts";
import type { ActionOperation, CallIds, Dialect, RenderedRefusal } from "../dialects/dialect.ts";
import { openAiStatus, refusalHeaders, type StatusTable } from "../dialects/status-table.ts";
import type { Refusal } from "../refusal.ts";
import { answerOfRefusal, evaluationOf } from "./answers.ts";
import { readEvaluation, readQuestion } from "./read-question.ts";

export const authorizePath = "/v1/actions:authorize";
export const evaluationPath = "/access/v1/evaluation";

// "No" is an answer to whether something may be done, not a failure to answer.
const status: StatusTable = { ...openAiStatus, denied: 200 };

export const actions = dialectOf("actions", authorizePath, (answer) => answer);
export const authzen = dialectOf("authzen", evaluationPath, evaluationOf);

const actionsOperation: ActionOperation = {
  ...common(actions, "actions.authorize"),
  governedMembers: ["tool"],
  read: (body) => readQuestion(body),
  render: (answer) => JSON.stringify(answer),
};

const authzenOperation: ActionOperation = {
  ...common(authzen, "authzen.evaluation"),
  governedMembers: ["subject", "action", "resource", "context"],
  read: readEvaluation,
  render: (answer) => JSON.stringify(evaluationOf(answer)),
};

function common(dialect: Dialect, id: string) {
  return {
    kind: "action" as const,
    id,
    dialect,
    metered: true,
    auxiliary: true,
    free: true,
    upstreamPath: () => "",
  };
}

function dialectOf(name: string, path: string, shape: (answer: ActionAnswer) => object): Dialect {
  const render = (refusal: Refusal, ids: CallIds): RenderedRefusal => ({
    status: status[refusal.kind],
    headers: refusalHeaders(refusal),
    body: JSON.stringify(shape(answerOfRefusal(refusal, ids))),
  });
  return {
    name,
    // No provider is ever asked.
    providerDialect: "openai",
    match: (head) => {
      if (head.method !== "POST" || head.path !== path) return null;
      return path === authorizePath ? actionsOperation : authzenOperation;
    },
    renderRefusal: render,
    renderStreamError: (refusal, ids) => render(refusal, ids).body,
  };
}
