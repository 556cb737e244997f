import type { Config } from "./schema.ts";

/** Whether what is said in the calls of a team is kept, which is off by default. */
export function isContentKept(
  { recipients, teams }: Config["ledger"]["content"],
  teamId: string,
): boolean {
  return recipients.length > 0 && (teams.includes("*") || teams.includes(teamId));
}
