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

interface MetaTable {
  /** `changes_refused_until_ms`: no process may change anything before that time. */
  name: "revision" | "changes_refused_until_ms";
  value: number;
}

export interface StoreSchema {
  teams: TeamTable;
  people: PersonTable;
  keys: KeyTable;
  loginTokens: LoginTokenTable;
  sessions: SessionTable;
  adminLog: AdminLogTable;
  budgetRaises: BudgetRaiseTable;
  meta: MetaTable;
}
