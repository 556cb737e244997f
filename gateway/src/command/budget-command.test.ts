import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createStoreFixture } from "../control/testing/control-fixture.ts";
import { parseUntil } from "./budget/parse-until.ts";
import type { Host } from "./host.ts";
import { runCommandLine } from "./program.ts";

const yaml = `
budgets:
  - { id: blue, by: team, of: blue, unit: usd, limit: 500, window: month, timeZone: Europe/Berlin }
  - { id: rush, by: person, unit: requests, limit: 60, window: minute, enforcement: soft }
`;

async function createRunner() {
  const fixture = await createStoreFixture();
  onTestFinished(() => fixture[Symbol.asyncDispose]());
  await writeFile(join(fixture.directory, "weir.yaml"), yaml);
  const run = async (...args: string[]) => {
    const written = { stdout: "", stderr: "" };
    const host: Host = {
      env: {},
      cwd: fixture.directory,
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
      exitCode: 0,
    };
    await runCommandLine(["budget", ...args, "--data-dir", fixture.directory], host);
    return { ...written, code: host.exitCode };
  };
  return { run, fixture };
}

test("a raise shows in the list, is audited once, and makes proxies be told", async () => {
  const { run, fixture } = await createRunner();
  const { store } = fixture;
  const revision = async () =>
    store.selectFrom("meta").select("value").where("name", "=", "revision").executeTakeFirst();
  const before = await revision();
  const raised = await run(
    "raise",
    "blue",
    "--by",
    "200.5",
    "--until",
    "3d",
    "--reason",
    "release",
  );
  expect(raised).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^raised blue by 200.50 USD/),
  });
  expect((await run("list")).stdout).toMatch(/blue +team blue +500.00 USD .*\+200.50 USD until /);
  expect(await revision()).not.toEqual(before);
  const log = await store.selectFrom("adminLog").select(["action", "entityId", "after"]).execute();
  const [entry, ...others] = log.filter(({ action }) => action === "budget.raise");
  expect(others).toEqual([]);
  expect(JSON.parse(entry?.after ?? "")).toMatchObject({ by: 200_500_000, reason: "release" });
});

test.each([
  ["an unknown budget", ["nothing", "--by", "1", "--until", "1d"], /no budget "nothing"/],
  ["a raise by nothing", ["blue", "--by", "0", "--until", "1d"], /above 0/],
  ["a moment that is none", ["blue", "--by", "1", "--until", "soon"], /is no moment/],
  ["an end in the past", ["blue", "--by", "1", "--until", "2020-01-01"], /over before it begins/],
  ["an end years away", ["blue", "--by", "1", "--until", "2090-01-01"], /a year at most/],
  ["half a request", ["rush", "--by", "0.4", "--until", "1d"], /more than nothing/],
])("refuses %s and changes nothing", async (_what, args, message) => {
  const { run, fixture } = await createRunner();
  const { code, stderr } = await run("raise", ...args);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(message);
  expect(await fixture.store.selectFrom("budgetRaises").selectAll().execute()).toEqual([]);
});

test("shows one budget, and says which there are when it does not know the one that is asked", async () => {
  const { run } = await createRunner();
  expect((await run("show", "rush")).stdout).toMatch(
    /rush +person \* +60 requests +a minute, UTC +soft/,
  );
  const unknown = await run("show", "green");
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/blue, rush/);
});

test("a day means its beginning in the budget's time zone", () => {
  expect(parseUntil("2026-12-01", "Europe/Berlin", 0)).toBe(Date.parse("2026-11-30T23:00:00Z"));
  expect(parseUntil("2026-12-01T18:00:00+02:00", "UTC", 0)).toBe(
    Date.parse("2026-12-01T16:00:00Z"),
  );
  expect(parseUntil("2w", "UTC", 1)).toBe(14 * 86_400_000 + 1);
});
