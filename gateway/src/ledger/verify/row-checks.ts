import type { LedgerFinding } from "./finding.ts";

/** A question whose answer, rows of `id`, must be empty for a UTC day. */
export interface RowCheck {
  readonly check: LedgerFinding["check"];
  readonly table: "calls" | "decisions" | "content";
  /** The slice is a condition on a column, to look at a part of the rows at a time. */
  readonly query: (day: string, slice: (column: string) => string) => string;
  readonly what: string;
  readonly todo: string;
}

const twiceTodo =
  "A row was inserted twice past the shipper. Restore a backup, or tell the makers of Weir: nothing of Weir inserts so.";

function twice(table: RowCheck["table"], time: string): RowCheck {
  return {
    check: "id-twice",
    table,
    query: (day, slice) =>
      `SELECT id FROM ${table} WHERE toYYYYMMDD(${time}) = ${day} AND ${slice("id")}
        GROUP BY id HAVING count() > 1`,
    what: "the id stands there more than once",
    todo: twiceTodo,
  };
}

const positions = (table: string, time: string, day: string, condition: string) =>
  `SELECT spool_id, spool_epoch, spool_sequence FROM ${table}
    WHERE toYYYYMMDD(${time}) = ${day} AND spool_id != '' AND ${condition}`;

const positionTwice: RowCheck = {
  check: "position-twice",
  table: "calls",
  query: (day, slice) => {
    const condition = slice("spool_sequence");
    return `SELECT concat(spool_id, '@', toString(spool_epoch), ':', toString(spool_sequence)) AS id
      FROM (
        ${positions("calls", "started_at", day, condition)}
        UNION ALL
        ${positions("decisions", "decided_at", day, condition)}
      )
      GROUP BY spool_id, spool_epoch, spool_sequence HAVING count() > 1`;
  },
  what: "two rows of calls and decisions come from one place of a spool",
  todo: twiceTodo,
};

// A call begins before its decision, perhaps on the day before; the clock may step between them.
const decisionMissing: RowCheck = {
  check: "decision-missing",
  table: "calls",
  query: (day, slice) =>
    `SELECT id FROM calls
      WHERE toYYYYMMDD(started_at) = ${day} AND decision_id != '' AND ${slice("decision_id")}
        AND decision_id NOT IN (
          SELECT id FROM decisions
          WHERE decided_at >= toDateTime64(toDate('${dashed(day)}'), 3, 'UTC') - INTERVAL 1 DAY
            AND decided_at < toDateTime64(toDate('${dashed(day)}'), 3, 'UTC') + INTERVAL 2 DAY
            AND ${slice("id")})`,
  what: "the decision on the call is not there",
  todo: "See `weir ledger dead-letters` for the decision; else restore a backup. It may have gone with somebody who was erased.",
};

const correctedMissing: RowCheck = {
  check: "corrected-missing",
  table: "calls",
  query: (day, slice) =>
    `SELECT id FROM calls
      WHERE toYYYYMMDD(started_at) = ${day} AND supersedes != '' AND ${slice("supersedes")}
        AND supersedes NOT IN (
          SELECT id FROM calls WHERE toYYYYMMDD(started_at) = ${day} AND ${slice("id")})`,
  what: "it corrects a call that is not there",
  todo: "See `weir ledger dead-letters` for the call; else restore a backup.",
};

const cost: RowCheck = {
  check: "cost",
  table: "calls",
  query: (day, slice) =>
    `SELECT id FROM calls WHERE toYYYYMMDD(started_at) = ${day} AND ${slice("id")}
      AND (cost_status = 'priced') != isNotNull(cost_micro_usd) AND cost_status IN ('priced', 'unpriced')`,
  what: "priced without a cost, or unpriced with one",
  todo: "Run `weir prices recompute` for that day.",
};

export const rowChecks: readonly RowCheck[] = [
  twice("calls", "started_at"),
  twice("decisions", "decided_at"),
  twice("content", "captured_at"),
  positionTwice,
  decisionMissing,
  correctedMissing,
  cost,
];

function dashed(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
