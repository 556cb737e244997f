import { Type } from "typebox";

const strict = { additionalProperties: false } as const;

/** The `ledger` section: what is recorded, how safely, and for how long. */
export const Ledger = Type.Object(
  {
    commit: Type.Union([Type.Literal("interval"), Type.Literal("sync")], {
      default: "interval",
      description: "sync = a call ends only after its row has reached the disk",
    }),
    commitIntervalMs: Type.Integer({ minimum: 1, maximum: 60_000, default: 50 }),
    /** At most a quarter of maxSpoolBytes. Rows are shipped in batches of at most a segment. */
    segmentBytes: Type.Integer({ minimum: 65_536, default: 67_108_864 }),
    maxSpoolBytes: Type.Integer({ minimum: 1_048_576, default: 1_073_741_824 }),
    whenFull: Type.Union([Type.Literal("refuse"), Type.Literal("drop-and-count")], {
      default: "refuse",
    }),
    /** Larger batches cost ClickHouse less a row; the console is this far behind. */
    shipIntervalMs: Type.Integer({ minimum: 10, default: 2_000 }),
    /** Calls and decisions as they are, and what adds them up by the minute. */
    retentionDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 14 }),
    hourRetentionDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 90 }),
    dayRetentionDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 400 }),
    /** Changes, accesses, findings. */
    auditRetentionDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 400 }),
    /** Prompts and answers: kept only while there is a recipient, and sealed for those alone. */
    content: Type.Object(
      {
        recipients: Type.Array(Type.String(), {
          default: [],
          maxItems: 8,
          description: "age recipients (age1…) whose holders can read it; empty = not captured",
        }),
        teams: Type.Array(Type.String({ minLength: 1 }), {
          default: ["*"],
          description: "Whose calls, by id of team; * = everybody's",
        }),
        maxBytes: Type.Integer({
          minimum: 1_024,
          maximum: 262_144,
          default: 65_536,
          description: "Of each body its beginning",
        }),
        retentionDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 7 }),
      },
      strict,
    ),
    /** Empty = the embedded ClickHouse in the data directory. */
    clickhouseUrl: Type.String({ default: "" }),
    /** Name of the cluster in the servers' `remote_servers`; empty = one server. */
    cluster: Type.String({ pattern: "^([A-Za-z_][A-Za-z0-9_-]*)?$", default: "" }),
    migrate: Type.Union([Type.Literal("auto"), Type.Literal("manual")], {
      default: "auto",
      description: "manual = only `weir ledger migrate` changes the tables of a server",
    }),
  },
  strict,
);
