import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import { encodeRecord, type LedgerRecord, layouts, lineOf } from "../rows/record.ts";
import { readLine } from "../rows/read-line.ts";

const NOWHERE = { spoolId: "", epoch: 0, sequence: 0 };

function rowOf(record: LedgerRecord): Readonly<Record<string, string>> {
  const { type, version, fields } = encodeRecord(record);
  return readLine(layouts[type], version, lineOf(NOWHERE, fields));
}

/** The fields of a call's row by column. */
export function callRow(event: CallEvent): Readonly<Record<string, string>> {
  return rowOf({ type: "call", event });
}

/** The fields of a decision's row by column. */
export function decisionRow(event: DecisionEvent): Readonly<Record<string, string>> {
  return rowOf({ type: "decision", event });
}
