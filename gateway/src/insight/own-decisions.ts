import type { ClickHouseClient } from "@clickhouse/client";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type {
  DecisionFilter,
  DecisionItem,
  DecisionPage,
  DecisionsQuery,
} from "../contracts/api/decisions.ts";
import { Obligation } from "../contracts/decision.ts";
import { ask } from "./ask.ts";
import { formatCursor, parseCursor } from "./page-cursor.ts";

export interface OwnDecisionsQuestion {
  /** From the session, never from the request. */
  readonly personId: string;
  readonly query: DecisionsQuery;
  readonly nowMs: number;
}

type DecisionRow = Omit<DecisionItem, "rules" | "obligations"> & {
  rules: [id: string, reason: string, owner: string][];
  obligations: string;
};

const defaultLimit = 50;
const Obligations = Type.Array(Obligation);

const columns = `id, call_id AS callId, toUnixTimestamp64Milli(decided_at) AS decidedAtMs,
  point, effect, arrayZip(rule_ids, rule_reasons, rule_owners) AS rules,
  user_message AS userMessage, obligations, dialect, operation, provider, model,
  model_requested AS modelRequested, tool_names AS toolNames,
  policy_revision AS revision, policy_eval_us AS evalMicros`;

const conditionOf: Readonly<Record<DecisionFilter, string>> = {
  all: "1",
  denied: "effect = 'deny'",
  changed: "effect != 'deny' AND obligations != '[]'",
  allowed: "effect = 'allow'",
};

// A place in the order, not a count of rows: new decisions on top never shift a page.
const beforeCursor =
  "(decided_at, id) < (fromUnixTimestamp64Milli({atMs:Int64}, 'UTC'), {id:String})";

function toItem({ rules, obligations, ...row }: DecisionRow): DecisionItem {
  return {
    ...row,
    rules: rules.map(([id, reason, owner]) => ({ id, reason, owner })),
    obligations: Value.Parse(Obligations, JSON.parse(obligations)),
  };
}

/**
 * A page of the decisions on a person's calls, newest first.
 *
 * @throws {ControlError} WEIR_INVALID_CURSOR, WEIR_LEDGER_UNAVAILABLE.
 */
export async function readOwnDecisions(
  client: ClickHouseClient,
  { personId, query, nowMs }: OwnDecisionsQuestion,
): Promise<DecisionPage> {
  const limit = query.limit ?? defaultLimit;
  const cursor = query.cursor === undefined ? null : parseCursor(query.cursor);
  const page = `SELECT ${columns} FROM decisions
    WHERE person_id = {personId:String} AND ${conditionOf[query.show ?? "all"]}
      AND ${cursor === null ? "1" : beforeCursor}
    ORDER BY decided_at DESC, id DESC LIMIT {rows:UInt32}`;
  const ever = "SELECT 1 FROM decisions WHERE person_id = {personId:String} LIMIT 1";
  const [rows, some] = await Promise.all([
    ask<DecisionRow>(client, page, { personId, rows: limit + 1, ...cursor }),
    ask<object>(client, ever, { personId }),
  ]);
  const decisions = rows.slice(0, limit).map(toItem);
  const last = decisions.at(-1);
  return {
    decisions,
    nextCursor:
      rows.length > limit && last !== undefined
        ? formatCursor({ atMs: last.decidedAtMs, id: last.id })
        : null,
    everDecided: some.length > 0,
    asOfMs: nowMs,
  };
}

/** One decision on a call of the person; null when there is none, or it is another person's. */
export async function readOwnDecision(
  client: ClickHouseClient,
  question: { readonly personId: string; readonly id: string },
): Promise<DecisionItem | null> {
  const one = `SELECT ${columns} FROM decisions
    WHERE person_id = {personId:String} AND id = {id:String} LIMIT 1`;
  const [row] = await ask<DecisionRow>(client, one, { ...question });
  return row === undefined ? null : toItem(row);
}
