import { isJsonObject, type JsonObject, type MemberEdit } from "../json-body.ts";

/** A stream tells its usage only on request, in one more chunk that the client may not expect. */
export function usageEdits(body: JsonObject): { edits: MemberEdit[]; stripUsageFrame: boolean } {
  if (body["stream"] !== true) return { edits: [], stripUsageFrame: false };
  const options = isJsonObject(body["stream_options"]) ? body["stream_options"] : {};
  if (options["include_usage"] === true) return { edits: [], stripUsageFrame: false };
  const json = JSON.stringify({ ...options, include_usage: true });
  return { edits: [{ member: "stream_options", json }], stripUsageFrame: true };
}
