import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { describe, expect, test } from "vitest";
import { LedgerLink, type Shipper } from "./link.ts";

const log = { info: () => undefined, warn: () => undefined };

const disconnect = (client: ClickHouseClient) => client.close();

function stubShipper(overrides: Partial<Shipper> = {}): Shipper {
  return {
    drain: () => Promise.resolve(),
    whilePaused: (work) => work(),
    status: () => ({
      shippedRows: 7,
      deadRows: 0,
      pendingBytes: 0,
      pendingRows: 0,
      oldestUnshippedAgeMs: 0,
      failures: 0,
      lastShippedAtMs: 1,
      lastError: "",
    }),
    stop: () => Promise.resolve(),
    ...overrides,
  };
}

describe("the link to the ledger", () => {
  test("keeps trying while ClickHouse is down, says so, and works once it is up", async () => {
    const client = createClient();
    let attempts = 0;
    const link = new LedgerLink({
      open: () => {
        attempts += 1;
        return attempts < 2 ? Promise.reject(new Error("refused")) : Promise.resolve(client);
      },
      startShipper: () => stubShipper(),
      disconnect,
      openGraceMs: 1_000,
      log,
    });
    expect(link.status().state).toBe("opening");
    link.start();
    await expect.poll(() => link.status().state).toBe("unavailable");
    await expect(link.client()).rejects.toMatchObject({ code: "WEIR_LEDGER_UNAVAILABLE" });
    await expect.poll(() => link.isOpen, { timeout: 5000 }).toBe(true);
    expect(await link.client()).toBe(client);
    expect(link.status()).toMatchObject({ state: "ready", shippedRows: 7 });
    await link.close(1000);
  });

  test("a question that comes while it is being opened waits for it", async () => {
    const client = createClient();
    const opening = Promise.withResolvers<typeof client>();
    const link = new LedgerLink({
      open: () => opening.promise,
      startShipper: () => stubShipper(),
      disconnect,
      openGraceMs: 1_000,
      log,
    });
    link.start();
    const asked = link.client();
    opening.resolve(client);
    expect(await asked).toBe(client);
    await link.close(1000);
  });

  test("closing ships the rest, but does not wait for ever", async () => {
    const events: string[] = [];
    const link = new LedgerLink({
      open: () => Promise.resolve(createClient()),
      startShipper: () =>
        stubShipper({
          drain: () => {
            events.push("drain");
            return new Promise(() => undefined);
          },
          stop: () => {
            events.push("stop");
            return Promise.resolve();
          },
        }),
      disconnect,
      openGraceMs: 1_000,
      log,
    });
    link.start();
    await link.client();
    await link.close(20);
    expect(events).toEqual(["drain", "stop"]);
  });

  test("closing while ClickHouse is being opened waits for it, and ships", async () => {
    const opening = Promise.withResolvers<ClickHouseClient>();
    const events: string[] = [];
    const link = new LedgerLink({
      open: () => opening.promise,
      startShipper: () =>
        stubShipper({
          drain: async () => {
            events.push("drain");
          },
        }),
      disconnect,
      openGraceMs: 60_000,
      log,
    });
    link.start();
    const closed = link.close(1000);
    expect(events).toEqual([]);
    opening.resolve(createClient());
    await closed;
    expect(events).toEqual(["drain"]);
  });

  test("closing does not wait for a ClickHouse that never opens", async () => {
    const link = new LedgerLink({
      open: () => new Promise(() => undefined),
      startShipper: () => stubShipper(),
      disconnect,
      openGraceMs: 10,
      log,
    });
    link.start();
    await link.close(60_000);
    expect(link.isOpen).toBe(false);
  });
});
