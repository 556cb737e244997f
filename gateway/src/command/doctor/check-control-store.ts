import { existsSync } from "node:fs";
import { join } from "node:path";
import { collectDatabaseUrl, databaseName } from "../../config/database-url.ts";
import { inspectPostgres } from "../../control/store/postgres/inspect-postgres.ts";
import type { DataOwner } from "../open-control-store.ts";
import { bad, type DoctorFinding, good, reasonOf } from "./finding.ts";

const check = "control store";
const oldestMajorVersion = 14;
/** Far longer than a control that lives takes to publish what it has claimed. */
const abandonedAfterMs = 600_000;

/** Whether the store of keys, people and changes can be used; nothing in it is changed. */
export async function checkControlStore({ config, env }: DataOwner): Promise<DoctorFinding[]> {
  const { url, problems } = collectDatabaseUrl(config, env);
  const [problem] = problems;
  if (problem !== undefined)
    return [bad(check, `${problem.source} ${problem.message}`, "Mend the variable.")];
  if (url !== "") return checkPostgres(url);
  const path = join(config.dataDir, "control.db");
  return [good(check, existsSync(path) ? `SQLite, ${path}` : "SQLite, will be made")];
}

async function checkPostgres(url: string): Promise<DoctorFinding[]> {
  const name = databaseName(url);
  try {
    const { majorVersion, mayCreate, abandoned } = await inspectPostgres(
      url,
      Date.now() - abandonedAfterMs,
    );
    const findings = [versionFinding(name, majorVersion)];
    if (!mayCreate)
      findings.push(
        bad(check, `the user may make no tables in ${name}`, "Make it the database's owner."),
      );
    findings.push(
      ...abandoned.map(({ controlId, changes }) =>
        bad(
          check,
          `the control ${controlId} has claimed ${changes} changes and does not publish them`,
          "Start it again on its data directory; if that is lost, see docs/control-store.md.",
        ),
      ),
    );
    return findings;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const remedy = "Check that PostgreSQL runs, and the URL: see docs/control-store.md.";
    return [bad(check, `PostgreSQL at ${name}: ${reasonOf(cause)}`, remedy)];
  }
}

function versionFinding(name: string, majorVersion: number): DoctorFinding {
  const detail = `PostgreSQL ${majorVersion} at ${name} answers`;
  if (majorVersion >= oldestMajorVersion) return good(check, detail);
  return bad(check, detail, `Weir is made for ${oldestMajorVersion} and newer.`);
}
