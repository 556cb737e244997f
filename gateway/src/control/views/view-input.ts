import type { PolicyInput } from "../../contracts/policy-input.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { ViewQuestion } from "./view.ts";

export interface ViewToDecide {
  readonly viewer: Principal;
  readonly question: ViewQuestion;
  /** Of the person who is looked at; may be empty. */
  readonly teamId: string;
  /** Unix milliseconds. */
  readonly nowMs: number;
  readonly revision: string;
}

/** The input document of `weir/view`, its members in code-unit order (RFC 8785). */
export function viewInput({
  viewer,
  question,
  teamId,
  nowMs,
  revision,
}: ViewToDecide): PolicyInput {
  const { assurance, costCenter, id, keyId, kind, roles, teamId: viewersTeamId } = viewer;
  return {
    limits: {},
    point: "view",
    principal: { assurance, costCenter, id, keyId, kind, roles, teamId: viewersTeamId },
    resource: { id: question.resourceId, type: question.resource },
    revision,
    session: { calls: 0, id: "", taint: [] },
    time: new Date(nowMs).toISOString(),
    view: { personId: question.personId, purpose: question.purpose, teamId },
  };
}
