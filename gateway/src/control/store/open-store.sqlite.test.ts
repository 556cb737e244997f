import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { openStore } from "./open-store.ts";

test("changes are durable at once: WAL, synchronous = FULL, foreign keys on", async () => {
  await using fixture = await createStoreFixture();
  const pragma = async (name: string) => {
    const { rows } = await sql
      .raw<Record<string, unknown>>(`PRAGMA ${name}`)
      .execute(fixture.store);
    return Object.values(rows[0] ?? {})[0];
  };
  expect(await pragma("journal_mode")).toBe("wal");
  expect(await pragma("synchronous")).toBe(2);
  expect(await pragma("foreign_keys")).toBe(1);
});

test("a file that is no database is refused with a remedy", async () => {
  const directory = await mkdtemp(join(tmpdir(), "weir-store-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "control.db");
  await writeFile(path, "this is no database, but long enough to be looked at".repeat(100));
  await expect(openStore(path)).rejects.toMatchObject({ code: "WEIR_STORE_UNUSABLE" });
});
