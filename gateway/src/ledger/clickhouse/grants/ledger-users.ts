/** A setting that Weir sends, and the one value that the user may give it; undefined = any. */
export type AllowedSetting = readonly [name: string, value: string | number | undefined];

export interface LedgerUser {
  readonly name: string;
  readonly purpose: string;
  /** `SELECT(a, b) ON calls`; `*` is every table of the ledger. */
  readonly privileges: readonly { readonly access: string; readonly on: string }[];
  readonly settings: readonly AllowedSetting[];
  /** 1 = reads only, and no setting gets another value than the profile's. */
  readonly readOnly: boolean;
  /** Rows that the user sees, by table; a condition of SQL. */
  readonly rows: Readonly<Record<string, string>>;
  /** Within one minute. */
  readonly quota: { readonly queries: number; readonly executionSeconds: number };
}

const ALL_ROWS = "1";
/** Sent by the client with every statement that answers something. */
const COMPRESSION: AllowedSetting = ["enable_http_compression", 1];

const SHIPPED: Readonly<Record<string, string>> = {
  calls: "started_at",
  decisions: "decided_at",
  admin_log: "changed_at",
  access_log: "accessed_at",
  content: "captured_at",
};

const ingest: LedgerUser = {
  name: "weir_ingest",
  purpose: "the shipper: adds rows, and asks by their place in the spool whether they are there",
  privileges: [
    ...[...Object.keys(SHIPPED), "findings"].map((on) => ({ access: "INSERT", on })),
    ...Object.entries(SHIPPED).map(([on, time]) => ({
      access: `SELECT(${time}, spool_id, spool_epoch, spool_sequence)`,
      on,
    })),
  ],
  settings: [
    COMPRESSION,
    ["insert_deduplication_token", undefined],
    ["insert_deduplicate", 1],
    ["deduplicate_blocks_in_dependent_materialized_views", 1],
    ["async_insert", 0],
    ["input_format_parallel_parsing", 0],
    ["input_format_null_as_default", 0],
    ["date_time_input_format", "basic"],
    ["max_partitions_per_insert_block", 100],
  ],
  readOnly: false,
  rows: Object.fromEntries(Object.keys(SHIPPED).map((table) => [table, ALL_ROWS])),
  quota: { queries: 6_000, executionSeconds: 600 },
};

const READ_TABLES = [
  "calls",
  "decisions",
  "findings",
  "access_log",
  "admin_log",
  "calls_minute",
  "calls_hour",
  "calls_day",
];

const READER_SETTINGS: readonly AllowedSetting[] = [
  COMPRESSION,
  ["output_format_json_quote_64bit_integers", 0],
  ["output_format_json_quote_decimals", 0],
  ["max_execution_time", 20],
  ["max_result_rows", 20_000],
  // A user who may give no setting cannot lift these either.
  ["max_memory_usage", 4_000_000_000],
  ["allow_ddl", 0],
];

const api: LedgerUser = {
  name: "weir_api",
  purpose: "the console and the API: reads",
  privileges: READ_TABLES.map((on) => ({ access: "SELECT", on })),
  settings: READER_SETTINGS,
  readOnly: true,
  rows: Object.fromEntries(READ_TABLES.map((table) => [table, ALL_ROWS])),
  quota: { queries: 6_000, executionSeconds: 600 },
};

const content: LedgerUser = {
  name: "weir_content",
  purpose: "whoever looks up what was said in a call, which is sealed: reads that alone",
  privileges: [{ access: "SELECT", on: "content" }],
  settings: READER_SETTINGS,
  readOnly: true,
  rows: { content: ALL_ROWS },
  quota: { queries: 600, executionSeconds: 600 },
};

const releases: LedgerUser = {
  name: "weir_releases",
  purpose:
    "the job that publishes figures of groups: daily sums by person, nothing of a single call",
  privileges: [
    {
      access:
        "SELECT(day, person_id, team_id, cost_center, calls, input_uncached, cache_read, cache_write_5m, " +
        "cache_write_1h, output_visible, output_reasoning, cost_micro_usd, failed_attempts_cost_micro_usd)",
      on: "calls_day",
    },
  ],
  settings: READER_SETTINGS,
  readOnly: true,
  // Calls without a principal belong to no group.
  rows: { calls_day: "person_id != ''" },
  quota: { queries: 600, executionSeconds: 600 },
};

const migrate: LedgerUser = {
  name: "weir_migrate",
  purpose:
    "migrations, retention, erasure and rebuilding of roll-ups; for the time that these take",
  privileges: [
    "SELECT",
    "INSERT",
    "CREATE TABLE",
    "CREATE VIEW",
    "DROP VIEW",
    "ALTER COLUMN",
    "ALTER INDEX",
    "ALTER SETTINGS",
    "ALTER TTL",
    "ALTER MATERIALIZE TTL",
    "ALTER MODIFY COMMENT",
    "ALTER VIEW MODIFY SQL SECURITY",
    "ALTER DELETE",
    "OPTIMIZE",
  ].map((access) => ({ access, on: "*" })),
  settings: [COMPRESSION],
  readOnly: false,
  rows: Object.fromEntries([...READ_TABLES, "content"].map((table) => [table, ALL_ROWS])),
  quota: { queries: 60_000, executionSeconds: 36_000 },
};

/** The users of a ClickHouse server that Weir needs, each with no more than it needs. */
export const ledgerUsers: readonly LedgerUser[] = [ingest, api, content, releases, migrate];

/** Engines of the ledger's tables, for servers that let only some create them. */
export const ledgerEngines = ["MergeTree", "AggregatingMergeTree"] as const;
export const clusterEngines = [
  "ReplicatedMergeTree",
  "ReplicatedAggregatingMergeTree",
  "Distributed",
] as const;

/**
 * Views that fill roll-ups. Without this each INSERT is checked against its user for every column
 * that a view reads (seen on 26.7), and the shipper would have to be let read all of them.
 */
export const ledgerViews = ["calls_minute_view", "calls_hour_view", "calls_day_view"] as const;
