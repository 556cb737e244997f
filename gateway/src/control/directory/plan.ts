import type { Config } from "../../config/schema.ts";

export interface PlannedTeam {
  readonly id: string;
  readonly costCenter: string;
  readonly models: readonly string[];
  readonly tools: readonly string[];
  readonly unmeteredOperations: readonly string[];
  readonly maxTokens: number | null;
}

export interface PlannedPerson {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly roles: readonly string[];
  /** Left out = none. */
  readonly managerId?: string | null;
  /** Left out = the team's. */
  readonly costCenter?: string | null;
}

export interface DirectoryPlan {
  readonly teams: readonly PlannedTeam[];
  readonly people: readonly PlannedPerson[];
  /** Who gets the first key and the login link that are printed at start. */
  readonly ownerId: string;
}

const everything = ["*"];

const defaultTeam: PlannedTeam = {
  id: "default",
  costCenter: "",
  models: everything,
  tools: everything,
  unmeteredOperations: [],
  maxTokens: null,
};

function planTeams(config: Pick<Config, "teams">): PlannedTeam[] {
  if (config.teams.length === 0) return [defaultTeam];
  return config.teams.map((team) => ({
    id: team.id,
    costCenter: team.costCenter,
    models: team.models,
    tools: team.tools,
    unmeteredOperations: team.unmeteredOperations,
    maxTokens: team.maxTokens ?? null,
  }));
}

/**
 * Who there is according to the configuration. When it names nobody, there is one person, `owner`,
 * in the first team or else in the team `default`, which may use everything.
 */
export function planDirectory(
  config: Pick<Config, "teams" | "people">,
  ownerName: string,
): DirectoryPlan {
  const teams = planTeams(config);
  if (config.people.length === 0) {
    const teamId = teams[0]?.id ?? defaultTeam.id;
    const owner = { id: "owner", name: ownerName, teamId, roles: ["employee", "admin"] };
    return { teams, people: [owner], ownerId: owner.id };
  }
  const people = config.people.map(({ id, name, team, roles, manager, costCenter }) => ({
    id,
    name: name === "" ? id : name,
    teamId: team,
    roles,
    ...(manager !== undefined && { managerId: manager }),
    ...(costCenter !== undefined && { costCenter }),
  }));
  const owner = people.find((person) => person.roles.includes("admin")) ?? people[0];
  return { teams, people, ownerId: owner?.id ?? "owner" };
}
