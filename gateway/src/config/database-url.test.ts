import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { readDatabaseUrl } from "./database-url.ts";
import { describeConfig } from "./describe.ts";
import { loadConfig } from "./load-config.ts";

const secretUrl = "postgres://weir:s3cret%40@db.example:5432/weir?sslmode=verify-full";

function directoryWith(yaml: string): string {
  const directory = mkdtempSync(join(tmpdir(), "weir-database-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "weir.yaml"), yaml);
  return directory;
}

const load = (cwd: string, env: Record<string, string> = {}) => loadConfig({ env, flags: {}, cwd });

test("without a word the store is SQLite; a variable goes before weir.yaml, a file is as good", () => {
  const none = load(directoryWith(""));
  expect(readDatabaseUrl(none, {})).toBe("");
  const directory = directoryWith("control: { databaseUrl: 'postgres://weir@127.0.0.1/weir' }");
  const config = load(directory);
  expect(readDatabaseUrl(config, {})).toBe("postgres://weir@127.0.0.1/weir");
  expect(readDatabaseUrl(config, { WEIR_DATABASE_URL: secretUrl })).toBe(secretUrl);
  const file = join(directory, "url");
  writeFileSync(file, `${secretUrl}\n`);
  expect(readDatabaseUrl(config, { WEIR_DATABASE_URL_FILE: file })).toBe(secretUrl);
});

test("the URL of the environment is in no configuration, and its password in nothing that is shown", () => {
  const env = { WEIR_DATABASE_URL: secretUrl };
  const config = load(directoryWith(""), env);
  expect(inspect(config, { depth: 20 })).not.toContain("db.example");
  const described = JSON.stringify(describeConfig(config, env));
  expect(described).toContain("PostgreSQL at db.example:5432/weir");
  expect(described).not.toContain("s3cret");
});

test.each([["postgres://weir:s3cret@db/weir"], ["postgres://weir@db/weir?password=s3cret"]])(
  "a password in weir.yaml is refused and not repeated",
  (url) => {
    const directory = directoryWith(`control: { databaseUrl: "${url}" }`);
    expect(() => load(directory)).toThrow(/control\.databaseUrl: must not hold a password/);
    expect(() => load(directory)).not.toThrow(/s3cret/);
  },
);

test.each([
  ["mysql://weir:s3cret@db/weir", /is not a URL like postgres/],
  ["postgres://weir:s3cret@db:port/weir", /is not a URL like postgres/],
  ["weir:s3cret", /is not a URL like postgres/],
  ["postgres://weir:s3cret%zz@db/weir", /write it as %25/],
  ["postgres://weir:s3cret@db", /names no database/],
])("a wrong URL in the environment is named by its variable, and never shown", (url, message) => {
  const directory = directoryWith("");
  const env = { WEIR_DATABASE_URL: url };
  expect(() => load(directory, env)).toThrow(message);
  expect(() => load(directory, env)).toThrow(/WEIR_DATABASE_URL/);
  expect(() => load(directory, env)).not.toThrow(/s3cret/);
});
