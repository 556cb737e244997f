import type { ContentEvent } from "../../contracts/content-event.ts";
import type { Layout } from "./layout.ts";
import { bool, dateTime, integer, text } from "./tab-separated.ts";

const columns: Layout<ContentEvent>["columns"] = [
  { name: "id", encode: ({ id }) => text(id) },
  { name: "captured_at", encode: ({ atMs }) => dateTime(atMs) },
  { name: "person_id", encode: ({ personId }) => text(personId) },
  { name: "team_id", encode: ({ teamId }) => text(teamId) },
  { name: "dialect", encode: ({ dialect }) => text(dialect) },
  { name: "request_bytes", encode: ({ requestBytes }) => integer(requestBytes) },
  { name: "response_bytes", encode: ({ responseBytes }) => integer(responseBytes) },
  { name: "truncated", encode: ({ truncated }) => bool(truncated) },
  { name: "sealed", encode: ({ sealed }) => text(sealed) },
];

/** The row of what was said in a call, sealed. Not a leaf of the audit log: it is gone in days. */
export const contentLayout: Layout<ContentEvent> = {
  table: "content",
  timeColumn: "captured_at",
  isAudited: false,
  columns,
  widths: [9],
};
