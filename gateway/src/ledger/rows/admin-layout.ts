import type { AdminEvent } from "../../contracts/audit-event.ts";
import type { Layout } from "./layout.ts";
import { dateTime, text } from "./tab-separated.ts";

const columns: Layout<AdminEvent>["columns"] = [
  { name: "id", encode: ({ id }) => text(id) },
  { name: "changed_at", encode: ({ atMs }) => dateTime(atMs) },
  { name: "actor", encode: ({ actor }) => text(actor) },
  { name: "action", encode: ({ action }) => text(action) },
  { name: "entity_id", encode: ({ entityId }) => text(entityId) },
  { name: "before", encode: ({ before }) => text(before) },
  { name: "after", encode: ({ after }) => text(after) },
];

/** The row of a change to the control plane, which is also a leaf of the audit log. */
export const adminLayout: Layout<AdminEvent> = {
  table: "admin_log",
  timeColumn: "changed_at",
  isAudited: true,
  columns,
  widths: [7],
};
