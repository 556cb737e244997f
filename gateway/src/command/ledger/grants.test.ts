import { expect, test } from "vitest";
import { ledgerGrantsText } from "./grants.ts";

const hash = "0".repeat(64);
const users = ["weir_ingest", "weir_api", "weir_content", "weir_releases", "weir_migrate"];

test("asks for the hash of every user that has none, and of no other", () => {
  const text = ledgerGrantsText({ database: "weir", passwordHashes: { weir_api: hash } });
  expect(text).toContain(
    `CREATE USER OR REPLACE weir_api IDENTIFIED WITH sha256_hash BY '${hash}'`,
  );
  expect(text).toContain("for weir_ingest, weir_content, weir_releases, weir_migrate:");
  expect(text.match(/<SHA-256 of/g)).toHaveLength(4);
});

test("is ready to run when every hash is given", () => {
  const passwordHashes = Object.fromEntries(users.map((user) => [user, hash]));
  const text = ledgerGrantsText({ database: "weir", passwordHashes, networks: ["10.0.0.0/8"] });
  expect(text).not.toContain("<");
  expect(text.match(/HOST IP '10\.0\.0\.0\/8'/g)).toHaveLength(5);
});

test("fixes the settings of the server that no user needs to give", () => {
  const text = ledgerGrantsText({
    database: "weir",
    settingNames: ["max_threads", "async_insert"],
  });
  expect(text).toMatch(/weir_ingest_profile SETTINGS .*async_insert = 0 CONST.*max_threads CONST/);
  expect(text).not.toContain("ClickHouse has no rule");
});
