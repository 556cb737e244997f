import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "./load-config.ts";
import { ConfigError } from "./problem.ts";

function load(config: object, env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), "weir-config-"));
  try {
    writeFileSync(join(cwd, "weir.yaml"), stringify(config));
    return loadConfig({ env, flags: {}, cwd, needsClientSecret: true });
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function problemsOf(config: object, env?: Record<string, string>): string[] {
  try {
    load(config, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

const oidc = { issuer: "https://login.example.com", clientId: "weir" };

test("without the section people sign in by links, for 8 idle hours and 7 days", () => {
  const { identity } = load({});
  expect(identity.oidc).toBeUndefined();
  expect(identity.session).toEqual({ idleMs: 28_800_000, absoluteMs: 604_800_000 });
});

test("what is left out of oidc has its defaults", () => {
  expect(load({ identity: { oidc } }).identity.oidc).toMatchObject({
    scopes: ["openid", "profile", "email"],
    personClaim: "sub",
    groups: {},
    signOut: "provider",
  });
});

test("everything that is wrong is told at once", () => {
  const wrong = {
    issuer: "http://login.example.com",
    clientId: "weir",
    clientSecretEnv: "WEIR_OIDC_SECRET",
    scopes: ["profile"],
    groups: { ops: { team: "nowhere" }, eng: { team: "blue" } },
  };
  const identity = {
    consoleUrl: "http://weir.example.com/console",
    session: { idleMs: 120_000, absoluteMs: 60_000 },
    oidc: wrong,
  };
  expect(problemsOf({ teams: [{ id: "blue" }], identity }).toSorted()).toEqual([
    "identity.consoleUrl",
    "identity.oidc.clientSecretEnv",
    "identity.oidc.groups.ops.team",
    "identity.oidc.issuer",
    "identity.oidc.scopes",
    "identity.session.idleMs",
  ]);
});

test("behind a TLS proxy the address that browsers use has to be said", () => {
  const listener = { behindTlsProxy: true };
  expect(problemsOf({ console: listener, identity: { oidc } })).toEqual(["identity.consoleUrl"]);
  const identity = { consoleUrl: "https://weir.example.com", oidc };
  expect(problemsOf({ console: listener, identity })).toEqual([]);
});

test.each([
  ["http://127.0.0.1:9000", []],
  ["http://localhost", []],
  ["https://user:pw@login.example.com", ["identity.oidc.issuer"]],
  ["https://login.example.com?x=1", ["identity.oidc.issuer"]],
  ["http://127.0.0.1.evil.example", ["identity.oidc.issuer"]],
])("issuer %s", (issuer, problems) => {
  expect(problemsOf({ identity: { oidc: { ...oidc, issuer } } })).toEqual(problems);
});

test("a secret in place of its variable's name is refused without being shown", () => {
  const secret = "s3cr3t-of-the-client";
  try {
    load({ identity: { oidc: { ...oidc, clientSecretEnv: secret } } });
    expect.unreachable();
  } catch (error) {
    expect(String(error)).toContain("clientSecretEnv");
    expect(String(error)).not.toContain(secret);
  }
});

test("SCIM needs a long token of its own, and teams that there are", () => {
  const scim = { tokenEnv: "SCIM_TOKEN", groups: { eng: { team: "default" } } };
  const token = { SCIM_TOKEN: "x".repeat(32) };
  expect(load({ identity: { scim } }, token).identity.scim).toMatchObject({
    personAttribute: "userName",
  });
  expect(problemsOf({ identity: { scim } })).toEqual(["identity.scim.tokenEnv"]);
  expect(problemsOf({ identity: { scim } }, { SCIM_TOKEN: "short" })).toEqual([
    "identity.scim.tokenEnv",
  ]);
  const shared = { ...scim, tokenEnv: "WEIR_CONTROL_TOKEN" };
  expect(
    problemsOf({ identity: { scim: shared } }, { WEIR_CONTROL_TOKEN: "x".repeat(32) }),
  ).toEqual(["identity.scim.tokenEnv"]);
  const groups = { eng: { team: "none" } };
  expect(problemsOf({ identity: { scim: { ...scim, groups } } }, token)).toEqual([
    "identity.scim.groups.eng.team",
  ]);
});
