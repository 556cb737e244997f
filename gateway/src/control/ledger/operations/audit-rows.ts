import { setTimeout as sleep } from "node:timers/promises";
import { Type } from "typebox";
import { compareLedger } from "../../../audit/rows/compare-ledger.ts";
import { defineOperation } from "../operation.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const DAY_MS = 86_400_000;
const PROGRESS_MS = 1_000;

const Finding = Type.Object({
  kind: Type.String(),
  message: Type.String(),
  leaf: Type.Optional(count),
  table: Type.Optional(Type.String()),
  spoolId: Type.Optional(Type.String()),
  epoch: Type.Optional(count),
  sequence: Type.Optional(count),
  id: Type.Optional(Type.String()),
  file: Type.Optional(Type.String()),
  offset: Type.Optional(count),
});

const Report = Type.Object(
  {
    rows: count,
    leaves: count,
    expired: count,
    erased: count,
    deadLetters: count,
    pending: count,
    findings: Type.Array(Finding),
    findingsLeftOut: count,
  },
  strict,
);

/** What `weir audit verify` asks about the rows in ClickHouse. */
export const auditRowsOperation = defineOperation({
  name: "audit-rows",
  summary: "Compare the rows of decisions, admin_log and access_log with their audit leaves",
  permission: "ledger:read",
  view: { shows: "figures", resource: "ledger.audit-rows" },
  request: Type.Object({}, strict),
  step: Type.Object({ rows: count, report: Type.Optional(Report) }, strict),
  async *run({ dataDir, client, config, context }) {
    yield { rows: 0 };
    const { retentionDays, auditRetentionDays } = config.ledger;
    const daysOf = (table: string) =>
      table === "decisions" ? retentionDays : Math.max(retentionDays, auditRetentionDays);
    let rows = 0;
    const work = compareLedger({
      dataDir,
      client,
      expiredBeforeMs: (table) => context.now() - daysOf(table) * DAY_MS,
      onProgress: (soFar) => {
        rows = soFar;
      },
    });
    const end = work.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([end, sleep(PROGRESS_MS, false)]))) yield { rows };
    const report = await work;
    yield { rows: report.rows, report: { ...report, findings: [...report.findings] } };
  },
});
