import { expect, test, vi } from "vitest";
import { closeClickHouse, openClickHouse } from "../../ledger/clickhouse/open.ts";
import type { RepairLog } from "../../ledger/rollups/repair.ts";
import { boundedRepair } from "./connect.ts";

test("roll-ups that cannot be compared hold up shipping a few times, then only an error is logged", async () => {
  const client = openClickHouse({ url: "http://127.0.0.1:1" });
  const log = { warn: vi.fn<RepairLog["warn"]>(), error: vi.fn<RepairLog["error"]>() };
  const repair = boundedRepair(client, log, () => Promise.reject(new Error("out of memory")));
  for (let attempt = 1; attempt < 5; attempt += 1)
    await expect(repair(["20261123"])).rejects.toThrow("out of memory");
  await repair(["20261123"]);
  expect(log.error).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ days: ["20261123"] }),
    expect.stringContaining("weir ledger verify --repair"),
  );
  // Counted anew for the next batch.
  await expect(repair(["20261124"])).rejects.toThrow("out of memory");
  await closeClickHouse(client);
});
