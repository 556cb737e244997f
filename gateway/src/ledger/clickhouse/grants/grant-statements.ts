import { localName, onCluster } from "../cluster/names.ts";
import {
  clusterEngines,
  ledgerEngines,
  type LedgerUser,
  ledgerUsers,
  ledgerViews,
} from "./ledger-users.ts";

export interface GrantOptions {
  /** Database of the ledger. */
  readonly database: string;
  /** As `ledger.cluster`: every statement goes to all nodes, and holds for the local tables too. */
  readonly cluster?: string;
  /** SHA-256 of each user's password in hex; a user without one gets a placeholder. */
  readonly passwordHashes?: Readonly<Record<string, string>>;
  /** Networks that the users may come from, as `10.0.0.0/8`; default any. */
  readonly networks?: readonly string[];
  /**
   * Names in `system.settings` of the server: those that a user does not need are then fixed. Without
   * them, users that write (`readonly = 0`) are held to the settings named for them alone.
   */
  readonly settingNames?: readonly string[];
}

/** The statements that make roles, profiles, users, row policies and quotas. Safe to repeat. */
export function grantStatements(options: GrantOptions): string[] {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(options.database))
    throw new RangeError(`"${options.database}" is not a plain name of a database`);
  for (const [user, hash] of Object.entries(options.passwordHashes ?? {}))
    if (!/^[0-9a-f]{64}$/.test(hash))
      throw new RangeError(`the hash for ${user} is not SHA-256 in 64 small hex digits`);
  for (const network of options.networks ?? [])
    if (!/^[0-9A-Fa-f.:]+(\/\d{1,3})?$/.test(network))
      throw new RangeError(`"${network}" is not an address or network`);
  return [
    ...viewStatements(options),
    ...ledgerUsers.flatMap((user) => statementsOf(user, options)),
  ];
}

/** Lets the views work for whoever inserts; the roll-ups themselves stay closed to that user. */
export function viewStatements({ database, cluster }: GrantOptions): string[] {
  const on = cluster === undefined ? "" : ` ${onCluster(cluster)}`;
  return ledgerViews.map((view) => `ALTER TABLE ${database}.${view}${on} MODIFY SQL SECURITY NONE`);
}

function statementsOf(user: LedgerUser, options: GrantOptions): string[] {
  const on = options.cluster === undefined ? "" : ` ${onCluster(options.cluster)}`;
  const role = `${user.name}_role`;
  return [
    `CREATE ROLE IF NOT EXISTS ${role}${on}`,
    // What an earlier version granted and this one does not.
    `REVOKE${on} ALL ON *.* FROM ${role}`,
    ...privilegesOf(user, options).map((privilege) => `GRANT${on} ${privilege} TO ${role}`),
    `CREATE SETTINGS PROFILE OR REPLACE ${user.name}_profile${on} SETTINGS ${settingsOf(user, options.settingNames).join(", ")}`,
    createUser(user, options, on),
    `GRANT${on} ${role} TO ${user.name}`,
    `ALTER USER ${user.name}${on} DEFAULT ROLE ${role}`,
    ...policiesOf(user, options, on),
    `CREATE QUOTA OR REPLACE ${user.name}_quota${on} FOR INTERVAL 1 minute MAX queries = ${user.quota.queries}, execution_time = ${user.quota.executionSeconds} TO ${user.name}`,
  ];
}

/** `SELECT ON db.calls` and the like, without the grantee. */
export function privilegesOf(user: LedgerUser, { database, cluster }: GrantOptions): string[] {
  const tables = (on: string) => (cluster === undefined || on === "*" ? [on] : [on, localName(on)]);
  const privileges = user.privileges.flatMap(({ access, on }) =>
    tables(on).map((table) => `${access} ON ${database}.${table}`),
  );
  if (user.name !== "weir_migrate") return privileges;
  const engines = cluster === undefined ? ledgerEngines : clusterEngines;
  return [
    ...privileges,
    "ALLOW SQL SECURITY NONE ON *.*",
    ...engines.map((engine) => `TABLE ENGINE ON ${engine}`),
    ...(cluster === undefined ? [] : ["CLUSTER ON *.*", "REMOTE ON *.*"]),
  ];
}

function settingsOf(user: LedgerUser, settingNames: readonly string[] = []): string[] {
  const named = new Set(user.settings.map(([name]) => name));
  return [
    ...user.settings.map(([name, value]) =>
      value === undefined ? `${name} WRITABLE` : `${name} = ${literal(value)} CONST`,
    ),
    user.readOnly ? "readonly = 1 CONST" : "readonly = 0 CONST",
    // With readonly = 1 nothing else can be given anyway.
    ...(user.readOnly ? [] : fixedSettings(named, settingNames).map((name) => `${name} CONST`)),
  ];
}

/** Settings that a writing user has no need to give. */
export function fixedSettings(
  named: ReadonlySet<string>,
  settingNames: readonly string[],
): string[] {
  return settingNames.filter(
    (name) => /^[A-Za-z_]\w*$/.test(name) && !named.has(name) && name !== "readonly",
  );
}

function createUser(
  user: LedgerUser,
  { passwordHashes, networks }: GrantOptions,
  on: string,
): string {
  const hash = passwordHashes?.[user.name] ?? `<SHA-256 of the password of ${user.name}, in hex>`;
  const host =
    networks === undefined || networks.length === 0
      ? "HOST ANY"
      : `HOST ${networks.map((network) => `IP '${network}'`).join(", ")}`;
  return `CREATE USER OR REPLACE ${user.name}${on} IDENTIFIED WITH sha256_hash BY '${hash}' ${host} SETTINGS PROFILE '${user.name}_profile'`;
}

function policiesOf(user: LedgerUser, { database, cluster }: GrantOptions, on: string): string[] {
  return Object.entries(user.rows).flatMap(([table, condition]) =>
    (cluster === undefined ? [table] : [table, localName(table)]).map(
      (name) =>
        `CREATE ROW POLICY OR REPLACE ${user.name}_rows${on} ON ${database}.${name} USING ${condition} TO ${user.name}`,
    ),
  );
}

function literal(value: string | number): string {
  return typeof value === "number" ? String(value) : `'${value}'`;
}
