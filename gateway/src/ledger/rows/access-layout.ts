import type { AccessEvent } from "../../contracts/audit-event.ts";
import type { Layout } from "./layout.ts";
import { dateTime, text } from "./tab-separated.ts";

const columns: Layout<AccessEvent>["columns"] = [
  { name: "id", encode: ({ id }) => text(id) },
  { name: "accessed_at", encode: ({ atMs }) => dateTime(atMs) },
  { name: "actor", encode: ({ actor }) => text(actor) },
  { name: "person_id", encode: ({ personId }) => text(personId) },
  { name: "resource", encode: ({ resource }) => text(resource) },
  { name: "purpose", encode: ({ purpose }) => text(purpose) },
  { name: "question", encode: ({ question }) => text(question) },
];

/** The row of somebody's look at another person's data, which is also a leaf of the audit log. */
export const accessLayout: Layout<AccessEvent> = {
  table: "access_log",
  timeColumn: "accessed_at",
  isAudited: true,
  columns,
  widths: [7],
};
