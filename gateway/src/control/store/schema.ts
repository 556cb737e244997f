import type { GeneratedAlways } from "kysely";
import type { DenialStyle } from "../../contracts/snapshot.ts";

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

interface PersonTable {
  id: string;
  name: string;
  teamId: string;
  roles: string;
  createdAtMs: number;
  /** Set when the configuration no longer names the person: keys and sessions stop working. */
  removedAtMs: number | null;
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
  keys: KeyTable;
  loginTokens: LoginTokenTable;
  sessions: SessionTable;
  adminLog: AdminLogTable;
  meta: MetaTable;
}
