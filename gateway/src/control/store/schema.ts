import type { Generated, GeneratedAlways } from "kysely";
import type { DenialStyle } from "../../contracts/snapshot.ts";
import type { StopKind } from "../../contracts/stop.ts";

/** Times are unix milliseconds; lists and documents are JSON text, which PostgreSQL reads alike. */
interface TeamTable {
  id: string;
  costCenter: string;
  models: string;
  tools: string;
  unmeteredOperations: string;
  maxTokens: number | null;
  createdAtMs: number;
  removedAtMs: number | null;
}

/** In the order in which they win over one another. */
export type PersonSource = "config" | "scim" | "oidc";

interface PersonTable {
  id: string;
  name: string;
  teamId: string;
  roles: string;
  /** Who says that there is this person: only that source changes or removes them. */
  source: Generated<PersonSource>;
  /** Id of the person whom they report to, who need not be there (yet). */
  managerId: Generated<string | null>;
  /** In place of the team's. */
  costCenter: Generated<string | null>;
  createdAtMs: number;
  /** Set when the source no longer has the person: keys and sessions stop working. */
  removedAtMs: number | null;
}

/** Where a person belonged, and when: one row at a time is open. */
interface PersonHistoryTable {
  personId: string;
  teamId: string;
  managerId: string | null;
  /** The person's own, or else the team's. */
  costCenter: string;
  fromMs: number;
  untilMs: number | null;
}

/** A user as an identity provider wrote it, RFC 7643. Nothing here grants anything by itself. */
export interface ScimUserTable {
  id: string;
  /** Who that is here: from the configured attribute at creation, and never another later. */
  personId: string;
  userName: string;
  /** In lower case: user names are compared so. */
  userNameKey: string;
  externalId: string | null;
  displayName: string | null;
  givenName: string | null;
  familyName: string | null;
  formattedName: string | null;
  email: string | null;
  /** 0 or 1. */
  active: number;
  /** `manager.value` as it was sent: the id of a user, or a user name. */
  managerRef: string | null;
  costCenter: string | null;
  version: number;
  createdAtMs: number;
  changedAtMs: number;
}

export interface ScimGroupTable {
  id: string;
  displayName: string;
  displayNameKey: string;
  externalId: string | null;
  version: number;
  createdAtMs: number;
  changedAtMs: number;
}

interface ScimMemberTable {
  groupId: string;
  userId: string;
}

interface KeyTable {
  id: string;
  name: string;
  hash: string;
  hint: string;
  personId: string;
  agentId: string | null;
  denialStyle: DenialStyle;
  /** JSON list; null = every scope. */
  scopes: string | null;
  /** JSON list of patterns; null = the team's models. */
  models: string | null;
  /** Id of the first key of a line of rotations: what calls are attributed to. */
  lineageId: string;
  /** The key that this one takes the place of. */
  rotatedFrom: string | null;
  /** As proxies have reported it, to the minute. */
  lastUsedAtMs: number | null;
  createdAtMs: number;
  expiresAtMs: number | null;
  revokedAtMs: number | null;
}

interface LoginTokenTable {
  hash: string;
  personId: string;
  createdAtMs: number;
  expiresAtMs: number;
  usedAtMs: number | null;
}

interface SessionTable {
  hash: string;
  personId: string;
  createdAtMs: number;
  lastSeenAtMs: number;
  /** Absolute end, whatever the activity. */
  expiresAtMs: number;
  /** Of the identity provider that vouched; null for a login link. */
  issuer: Generated<string | null>;
  subject: Generated<string | null>;
  /** The claim `sid`, by which the provider ends the session. */
  providerSession: Generated<string | null>;
  /** For signing out at the provider; only the cookie's secret opens it. */
  sealedIdToken: Generated<string | null>;
  /** Signed out here, and about to sign out at the provider. */
  endedAtMs: Generated<number | null>;
}

/** Which person an account at an identity provider is. */
interface IdentityTable {
  issuer: string;
  subject: string;
  personId: string;
  createdAtMs: number;
}

interface PendingLoginTable {
  stateHash: string;
  /** Of the secret in the cookie of the browser that began. */
  browserHash: string;
  returnTo: string;
  expiresAtMs: number;
}

/** Logout tokens that have been used. */
interface LogoutTokenTable {
  hash: string;
  expiresAtMs: number;
}

interface DeviceLoginTable {
  deviceHash: string;
  userCodeHash: string;
  /** What the device calls itself. */
  deviceName: string;
  state: "pending" | "approved" | "denied" | "used";
  personId: string | null;
  keyId: string | null;
  createdAtMs: number;
  expiresAtMs: number;
  intervalMs: number;
  lastPolledAtMs: number | null;
}

/** Codes that a person entered and that there were not. */
interface DeviceCodeMissTable {
  id: string;
  personId: string;
  atMs: number;
}

interface AdminLogTable {
  sequence: GeneratedAlways<number>;
  /** UUIDv7; the row of the ledger has the same. */
  id: string;
  atMs: number;
  actor: string;
  action: string;
  entityId: string;
  before: string | null;
  after: string | null;
  /** Set before the row is appended to the spool: from here on it may be in the ledger. */
  claimedAtMs: number | null;
  /** Whose spool that is; null for claims of before there could be several. */
  claimedBy: string | null;
  /** Set after: it is in the ledger, or on its way there. */
  publishedAtMs: number | null;
}

interface BudgetRaiseTable {
  id: string;
  budgetId: string;
  /** Whose limit; empty = that of all whom the budget counts. */
  counted: string;
  /** In the unit that is counted: money in micro-USD. */
  amount: number;
  untilMs: number;
  reason: string;
  createdAtMs: number;
}

interface GrantTable {
  id: string;
  personId: string;
  /** See contracts/delegation.ts. */
  agent: string;
  scopes: string;
  /** JSON list of patterns; null = the person's. */
  models: string | null;
  tools: string | null;
  maxHops: number;
  fromMs: number;
  untilMs: number;
  createdAtMs: number;
  revokedAtMs: number | null;
  lastUsedAtMs: number | null;
}

/** Keys that Weir signs its own tokens with. */
interface SigningKeyTable {
  id: string;
  /** A JWK. */
  publicKey: string;
  /** A JWK, readable for those who have the control token. */
  sealedPrivateKey: string;
  createdAtMs: number;
}

/** A stop as it was set; nothing here is ever changed. */
interface StopTable {
  id: string;
  kind: StopKind;
  target: string;
  ownerId: string | null;
  reason: string;
  /** See {@link Actor} in ./change.ts. */
  setBy: string;
  setAtMs: number;
}

/** The fact that ends a stop: at most one a stop. */
interface StopLiftTable {
  stopId: string;
  reason: string;
  liftedBy: string;
  liftedAtMs: number;
}

export const refusalName = "changes_refused_until_ms";

/**
 * No process may change anything before that time, unless it is a control that records what it
 * changes itself. In PostgreSQL each control has a row of its own, with its id.
 */
export type RefusalName = typeof refusalName | `${typeof refusalName}:${string}`;

interface MetaTable {
  name: "revision" | RefusalName;
  value: number;
}

export interface StoreSchema {
  teams: TeamTable;
  people: PersonTable;
  personHistory: PersonHistoryTable;
  scimUsers: ScimUserTable;
  scimGroups: ScimGroupTable;
  scimMembers: ScimMemberTable;
  keys: KeyTable;
  loginTokens: LoginTokenTable;
  sessions: SessionTable;
  identities: IdentityTable;
  pendingLogins: PendingLoginTable;
  logoutTokens: LogoutTokenTable;
  deviceLogins: DeviceLoginTable;
  deviceCodeMisses: DeviceCodeMissTable;
  adminLog: AdminLogTable;
  budgetRaises: BudgetRaiseTable;
  grants: GrantTable;
  signingKeys: SigningKeyTable;
  stops: StopTable;
  stopLifts: StopLiftTable;
  meta: MetaTable;
}
