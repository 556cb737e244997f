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
  atMs: number;
  actor: string;
  action: string;
  entityId: string;
  before: string | null;
  after: string | null;
}

interface MetaTable {
  name: "revision";
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
