import { readLine } from "../rows/read-line.ts";
import { layouts } from "../rows/record.ts";
import { recordTypeOf } from "../spool/frame-type.ts";
import { readSpool } from "../spool/read-spool.ts";
import { collect } from "./collect.ts";

/** The ids of the records that stand in a spool directory, in order. */
export async function recordedIds(directory: string): Promise<string[]> {
  const frames = await collect(readSpool(directory));
  return frames.map(({ type, version, payload }) => {
    const record = recordTypeOf(type);
    if (record === undefined) throw new Error(`A frame of type ${type} is no record`);
    return readLine(layouts[record], version, payload.toString("utf8"))["id"] ?? "";
  });
}
