import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ClickHouseServer,
  startClickHouseServer,
} from "../../../../../test/support/clickhouse-server/start-clickhouse-server.ts";
import { loadConfig } from "../../../config/load-config.ts";
import { migrate } from "../../../ledger/clickhouse/migrate.ts";
import { closeClickHouse, openClickHouse } from "../../../ledger/clickhouse/open.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { insertCalls } from "../../../ledger/testing/insert-events.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { exportOperation } from "./export.ts";

let fixture: StoreFixture;
let server: ClickHouseServer;
let client: ClickHouseClient;
let host: LedgerHost;
const RETENTION_DAYS = 20_000;
const DAY_MS = 86_400_000;

beforeAll(async () => {
  fixture = await createStoreFixture();
  server = await startClickHouseServer({ path: join(fixture.directory, "server") });
  client = openClickHouse({ url: server.url });
  await migrate(client, {
    retentionDays: RETENTION_DAYS,
    hourRetentionDays: RETENTION_DAYS,
    dayRetentionDays: RETENTION_DAYS,
  });
  const { startedAtMs } = sampleCall(0);
  for (const day of [0, 1])
    await insertCalls(
      client,
      Array.from({ length: 50 }, (_, index) =>
        sampleCall(day * 50 + index, { startedAtMs: startedAtMs + day * DAY_MS + index }),
      ),
    );
  host = {
    config: loadConfig({ env: {}, cwd: fixture.directory, flags: {}, needsSecrets: false }),
    dataDir: fixture.directory,
    client,
    context: { ...fixture.context, randomBytes },
    log: pino({ enabled: false }),
    recordAccess: () => Promise.resolve(),
    shipNow: () => Promise.resolve(),
    decideView: allowView,
    whilePaused: (work) => work(),
  };
});

afterAll(async () => {
  await closeClickHouse(client);
  await server.stop();
  await fixture[Symbol.asyncDispose]();
});

const everything = {
  table: "calls",
  from: "20260101",
  to: "20991231",
  person: "",
  allRows: false,
  purpose: "bill",
} as const;

const formats = ["ndjson", "csv", "parquet"] as const;
const faults = ["exception-in-stream", "break-off", "fail-before"] as const;

test.each(formats.flatMap((format) => faults.map((kind) => ({ format, kind }))))(
  "an export that a server breaks off leaves no file that looks whole: %o",
  async ({ format, kind }) => {
    await server.setFaults([{ kind, match: "prefer_column_name_to_alias", times: 1 }]);
    await expect(
      collect(exportOperation.run(host, { ...everything, format })),
    ).rejects.toBeInstanceOf(Error);
    expect(await readdir(join(fixture.directory, "exports"))).toEqual([]);
    await server.setFaults([]);
    const last = (await collect(exportOperation.run(host, { ...everything, format }))).at(-1);
    expect(last).toMatchObject({ finished: true, days: 2, daysDone: 2 });
    const left = await readdir(join(fixture.directory, "exports"));
    expect(left).toEqual([last?.name]);
    await rm(join(fixture.directory, "exports", last?.name ?? ""));
  },
);
