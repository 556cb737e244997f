import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isContentKept } from "./content-rule.ts";
import { loadConfig } from "./load-config.ts";
import { ConfigError, formatProblem } from "./problem.ts";

function load(yaml: string) {
  const cwd = mkdtempSync(join(tmpdir(), "weir-config-"));
  try {
    writeFileSync(join(cwd, "weir.yaml"), yaml);
    return loadConfig({ env: {}, flags: {}, cwd });
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function problems(yaml: string): string[] {
  try {
    load(yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

test("what is said in calls is not kept unless a recipient is named", () => {
  const kept = (yaml: string) => isContentKept(load(yaml).ledger.content, "default");
  const recipients = "recipients: [age19qsrdr3x09m8rr0cqs2dts76d6chpfrtyn62rzz763a27j6l359qur26wz]";
  expect(kept("")).toBe(false);
  expect(kept("ledger: { content: { retentionDays: 3 } }")).toBe(false);
  expect(kept(`ledger: { content: { ${recipients} } }`)).toBe(true);
  expect(kept(`ledger: { content: { ${recipients}, teams: [] } }`)).toBe(false);
});

test("a recipient of content that is none is a problem, and a secret there is not shown", () => {
  const good = "age19qsrdr3x09m8rr0cqs2dts76d6chpfrtyn62rzz763a27j6l359qur26wz";
  const yaml = (recipient: string, team = "'*'") =>
    `ledger: { content: { recipients: [${recipient}], teams: [${team}] } }`;
  expect(problems(yaml(good))).toEqual([]);
  const mistyped = `${good.slice(0, -1)}x`;
  const text = problems(yaml(`${mistyped}, AGE-SECRET-KEY-1QQ`)).join("\n");
  expect(text).toContain("ledger.content.recipients[0]: is no X25519 recipient");
  expect(text).toContain("ledger.content.recipients[1]: is no X25519 recipient");
  expect(text).not.toContain("KEY-1QQ");
  expect(problems(yaml("", "nobody"))).toEqual([
    expect.stringMatching(/ledger\.content\.teams\[0\]: there is no team "nobody"/),
  ]);
});
