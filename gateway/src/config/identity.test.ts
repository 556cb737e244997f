import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import { ConfigError, formatProblem } from "./problem.ts";

function load(identity: object) {
  const cwd = mkdtempSync(join(tmpdir(), "weir-config-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, "weir.yaml"), JSON.stringify({ teams: [{ id: "blue" }], identity }));
  return loadConfig({ env: {}, flags: {}, cwd });
}

function problems(identity: object): string {
  try {
    load(identity);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem).join("\n");
    throw error;
  }
  return "";
}

const corp = { name: "corp", issuer: "https://login.example.com", audience: "weir" };

test("an issuer has safe defaults: one pinned algorithm, a tolerance, ends to everything", () => {
  expect(load({ issuers: [corp] }).identity).toMatchObject({
    maxKeysPerPerson: 100,
    services: [],
    issuers: [
      {
        ...corp,
        algorithms: ["RS256"],
        personClaim: "sub",
        clockToleranceSeconds: 30,
        maxTokenAgeSeconds: 86_400,
        refreshSeconds: 300,
        keysExpireSeconds: 86_400,
      },
    ],
  });
});

test.each(["HS256", "none", "ES256K"])("attack: the algorithm %s cannot be configured", (each) => {
  expect(problems({ issuers: [{ ...corp, algorithms: [each] }] })).toContain("algorithms");
});

test("an issuer without an audience is refused: any token of it would do", () => {
  expect(problems({ issuers: [{ ...corp, audience: "" }] })).toContain("audience");
  expect(problems({ issuers: [{ name: "a", issuer: corp.issuer }] })).toContain("audience");
});

test("keys come over TLS, unless from this machine", () => {
  const jwksUri = "http://login.example.com/keys";
  expect(problems({ issuers: [{ ...corp, jwksUri }] })).toContain("must be https");
  expect(problems({ issuers: [{ ...corp, issuer: "http://127.0.0.1:9" }] })).toBe("");
  const lookalike = "http://127.0.0.1.example.com";
  expect(problems({ issuers: [{ ...corp, issuer: lookalike }] })).toContain("must be https");
});

test("names are unique, and what services name is there; all is told at once", () => {
  const service = { id: "a", team: "red", issuer: "other", subject: "s" };
  const told = problems({ issuers: [corp, corp], services: [service, { ...service, id: "b" }] });
  expect(told).toContain('"corp" is already the name of identity.issuers[0]');
  expect(told).toContain('there is no issuer "other". Known: corp');
  expect(told).toContain('there is no team "red". Known: blue');
  expect(told).toContain("is already that of another service");
});
