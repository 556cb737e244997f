import {
  type GrantOptions,
  grantStatements,
} from "../../ledger/clickhouse/grants/grant-statements.ts";
import { ledgerUsers } from "../../ledger/clickhouse/grants/ledger-users.ts";

/**
 * What `weir ledger grants` prints: SQL for an administrator of a ClickHouse server to read and run.
 * It connects to nothing and contains no password, at most hashes that it was given.
 * @throws RangeError, ClusterError for names that could not be printed safely.
 */
export function ledgerGrantsText(options: GrantOptions): string {
  const users = ledgerUsers.map(({ name, purpose }) => `--   ${name}: ${purpose}`);
  const open = ledgerUsers.filter(({ name }) => options.passwordHashes?.[name] === undefined);
  const todo =
    open.length === 0
      ? []
      : [
          `-- Put in the SHA-256 of a long random password for ${open.map(({ name }) => name).join(", ")}:`,
          '--   printf %s "$PASSWORD" | sha256sum',
        ];
  const settings =
    options.settingNames === undefined
      ? [
          "-- Users that write can still give settings that are not named here: ClickHouse has no rule for",
          "-- all others. To fix those too, give the names that `SELECT name FROM system.settings` prints.",
        ]
      : [];
  return [
    "-- Users of the ledger, each with no more than it needs. Run it after the migrations, and again after",
    "-- each upgrade of Weir, as a user who may manage access.",
    ...users,
    ...todo,
    ...settings,
    "",
    ...grantStatements(options).map((statement) => `${statement};`),
    "",
  ].join("\n");
}
