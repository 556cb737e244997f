import { expect, test } from "vitest";
import { insertCalls } from "../testing/insert-events.ts";
import { sampleCall } from "../testing/events.ts";
import { openTestLedger, queryRows } from "../testing/test-ledger.ts";
import { purgeOldParts } from "./purge-parts.ts";

test("parts that are no longer in use go from the disk within seconds", async () => {
  const ledger = await openTestLedger();
  const { client } = ledger;
  try {
    const sample = sampleCall(0);
    await insertCalls(client, [sample, { ...sample, id: "other" }]);
    await client.command({
      query: "ALTER TABLE calls DELETE WHERE id = 'other' SETTINGS mutations_sync = 2",
    });
    const old = "SELECT name FROM system.parts WHERE table = 'calls' AND NOT active";
    expect(await queryRows(client, old)).toHaveLength(1);
    expect(await purgeOldParts(client, ["calls"])).toBe(0);
    expect(await queryRows(client, "SELECT id FROM calls")).toEqual([{ id: sample.id }]);
  } finally {
    await ledger.close();
  }
});
