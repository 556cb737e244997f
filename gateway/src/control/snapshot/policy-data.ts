import type { PolicyData, TeamPolicy } from "../../contracts/policy-data.ts";

/** What a team may use, as the store and the configuration both have it. */
export interface TeamRow {
  readonly id: string;
  readonly models: readonly string[];
  readonly tools: readonly string[];
  readonly unmeteredOperations: readonly string[];
  readonly maxTokens: number | null;
}

/** The facts that policies are given, in force as in `weir policy eval`. */
export function policyData(teams: readonly TeamRow[]): PolicyData {
  return { teams: Object.fromEntries(teams.map((team) => [team.id, teamPolicy(team)])) };
}

function teamPolicy({ models, tools, unmeteredOperations, maxTokens }: TeamRow): TeamPolicy {
  return {
    models: [...models],
    tools: [...tools],
    unmeteredOperations: [...unmeteredOperations],
    ...(maxTokens === null ? {} : { maxTokens }),
  };
}
