import type { AccessEvent, AdminEvent } from "../../contracts/audit-event.ts";
import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import type { ContentEvent } from "../../contracts/content-event.ts";
import { accessLayout } from "./access-layout.ts";
import { adminLayout } from "./admin-layout.ts";
import { contentLayout } from "./content-layout.ts";
import { callLayout } from "./call-layout.ts";
import { decisionLayout } from "./decision-layout.ts";
import {
  fieldsOf,
  type Layout,
  type LedgerTable,
  type SpoolPosition,
  versionOf,
} from "./layout.ts";
import { text } from "./tab-separated.ts";

/** One entry of the ledger. Changes and accesses come from control, the rest from proxies. */
export type LedgerRecord =
  | { readonly type: "call"; readonly event: CallEvent }
  | { readonly type: "decision"; readonly event: DecisionEvent }
  | { readonly type: "admin"; readonly event: AdminEvent }
  | { readonly type: "access"; readonly event: AccessEvent }
  | { readonly type: "content"; readonly event: ContentEvent };

export type RecordType = LedgerRecord["type"];

/** A record on its way into a spool: its row without its position, which the spool gives it. */
export interface EncodedRecord {
  readonly type: RecordType;
  /** Version of the row's layout. */
  readonly version: number;
  /** When it happened, Unix milliseconds: says which day's partition the row belongs to. */
  readonly timeMs: number;
  /** Each field after a tab. */
  readonly fields: string;
}

/** @throws RangeError when a value of the event does not fit its column. */
export function encodeRecord(record: LedgerRecord): EncodedRecord {
  const { type } = record;
  if (type === "call") return encoded(type, callLayout, record.event, record.event.startedAtMs);
  if (type === "decision")
    return encoded(type, decisionLayout, record.event, record.event.decidedAtMs);
  if (type === "admin") return encoded(type, adminLayout, record.event, record.event.atMs);
  if (type === "content") return encoded(type, contentLayout, record.event, record.event.atMs);
  return encoded(type, accessLayout, record.event, record.event.atMs);
}

function encoded<Event>(
  type: RecordType,
  layout: Layout<Event>,
  event: Event,
  timeMs: number,
): EncodedRecord {
  return { type, version: versionOf(layout), timeMs, fields: fieldsOf(layout, event) };
}

/** The line of a row, without its newline. */
export function lineOf({ spoolId, epoch, sequence }: SpoolPosition, fields: string): string {
  return `${text(spoolId)}\t${epoch}\t${sequence}${fields}`;
}

/** The layout of the rows of each type. */
export const layouts: Readonly<Record<RecordType, Layout<never>>> = {
  call: callLayout,
  decision: decisionLayout,
  admin: adminLayout,
  access: accessLayout,
  content: contentLayout,
};

/** The layout of the rows of a table. */
export function layoutOf(table: LedgerTable): Layout<never> {
  return byTable[table];
}

const byTable: Readonly<Record<LedgerTable, Layout<never>>> = {
  calls: callLayout,
  decisions: decisionLayout,
  admin_log: adminLayout,
  access_log: accessLayout,
  content: contentLayout,
};
