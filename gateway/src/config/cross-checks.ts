import { bech32 } from "@scure/base";
import { Value } from "typebox/value";
import { databaseUrlFault, hasPassword } from "./database-url.ts";
import { identityProblems } from "./identity-checks.ts";
import { signInProblems } from "./sign-in-checks.ts";
import { budgetProblems, valkeyProblems } from "./budget-problems.ts";
import { managerProblems } from "./manager-problems.ts";
import { overrideFaults } from "./price-override.ts";
import { isRecord } from "./read-file.ts";
import { records } from "./records.ts";
import { Person, Provider } from "./schema.ts";
import { tlsProblems } from "./tls-problems.ts";
import type { SchemaProblem } from "./schema-problems.ts";

/**
 * What no schema can say. Works on what is valid of a configuration that has other problems, so
 * that the reader sees everything at once.
 */
export function crossProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  return [
    ...listenerProblems(values),
    ...uniqueProblems(values, "providers", "name"),
    ...uniqueProblems(values, "teams", "id"),
    ...uniqueProblems(values, "people", "id"),
    ...teamProblems(values),
    ...managerProblems(values),
    ...providerProblems(values),
    ...uniqueProblems(values, "aliases", "name"),
    ...uniqueProblems(values, "budgets", "id"),
    ...budgetProblems(values),
    ...valkeyProblems(values),
    ...aliasProblems(values),
    ...contentProblems(values),
    ...databaseProblems(values),
    ...identityProblems(values),
    ...tlsProblems(values),
    ...signInProblems(values, teamIds(values)),
  ];
}

const listeners = ["gateway", "console", "metrics"] as const;

function listenerProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const byPort = new Map<unknown, string>();
  for (const name of listeners) {
    const listener = values[name];
    if (!isRecord(listener)) continue;
    const { host, port, behindTlsProxy, tls } = listener;
    const isEncrypted = behindTlsProxy === true || isRecord(tls);
    if (typeof host === "string" && !isLoopback(host) && !isEncrypted) {
      const message =
        `${JSON.stringify(host)} can be reached from other machines, and Weir does not encrypt. ` +
        `${name === "gateway" ? "Set gateway.tls, or put" : "Put"} a TLS proxy before it and say ${name}.behindTlsProxy: true, or use 127.0.0.1`;
      problems.push({ path: [name, "host"], message });
    }
    const other = byPort.get(port);
    if (other !== undefined && port !== 0) {
      const message = `${String(port)} is also the port of ${other}. Give each its own, or 0 for any free one`;
      problems.push({ path: [name, "port"], message });
    }
    byPort.set(port, name);
  }
  return problems;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function uniqueProblems(
  values: Readonly<Record<string, unknown>>,
  list: "providers" | "teams" | "people" | "aliases" | "budgets",
  field: "id" | "name",
): SchemaProblem[] {
  const seen = new Map<unknown, number>();
  return records(values[list]).flatMap(({ item, index }) => {
    const id = item[field];
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, index);
      return [];
    }
    const message = `${JSON.stringify(id)} is already the ${field} of ${list}[${first}]`;
    return [{ path: [list, index, field], message }];
  });
}

const AGE_PREFIX = "age";
const MAX_RECIPIENT = 100;

function contentProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const { ledger } = values;
  if (!isRecord(ledger) || !isRecord(ledger["content"])) return [];
  const { recipients, teams } = ledger["content"];
  const problems: SchemaProblem[] = [];
  for (const [index, recipient] of (Array.isArray(recipients) ? recipients : []).entries()) {
    if (typeof recipient !== "string" || isAgeRecipient(recipient)) continue;
    const message =
      "is no X25519 recipient of age (age1…). `weir content keygen` makes one; never put an " +
      "AGE-SECRET-KEY here";
    problems.push({ path: ["ledger", "content", "recipients", index], message });
  }
  const known = teamIds(values);
  for (const [index, team] of (Array.isArray(teams) ? teams : []).entries()) {
    if (typeof team !== "string" || team === "*" || known.includes(team)) continue;
    const message = `there is no team ${JSON.stringify(team)}. Known: ${known.join(", ")}, or * for all`;
    problems.push({ path: ["ledger", "content", "teams", index], message });
  }
  return problems;
}

function isAgeRecipient(text: string): boolean {
  const decoded = bech32.decodeUnsafe(text, MAX_RECIPIENT);
  return decoded?.prefix === AGE_PREFIX && bech32.fromWordsUnsafe(decoded.words)?.length === 32;
}

/** Without any team there is one, `default`, which may use everything. */
function teamIds(values: Readonly<Record<string, unknown>>): string[] {
  const teams = records(values["teams"]).map(({ item }) => String(item["id"]));
  return teams.length === 0 ? ["default"] : teams;
}

function teamProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const known = teamIds(values);
  return records(values["people"]).flatMap(({ item, index }) => {
    if (!Value.Check(Person, item) || known.includes(item.team)) return [];
    const message = `there is no team ${JSON.stringify(item.team)}. Known: ${known.join(", ")}`;
    return [{ path: ["people", index, "team"], message }];
  });
}

function providerProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  return records(values["providers"]).flatMap(({ item, index }) => {
    if (!Value.Check(Provider, item)) return [];
    const problems: SchemaProblem[] = [];
    if (item.name === "simulator") {
      const message = 'is the name of the built-in simulator. See the setting "simulator"';
      problems.push({ path: ["providers", index, "name"], message });
    }
    const fault = urlFault(item.baseUrl);
    if (fault !== "") problems.push({ path: ["providers", index, "baseUrl"], message: fault });
    for (const [pattern, price] of Object.entries(item.prices)) {
      const path = ["providers", index, "prices", pattern];
      problems.push(...overrideFaults(price).map((message) => ({ path, message })));
    }
    return problems;
  });
}

/** Built-in providers are added after this check, so their names are known here as well. */
const builtInNames = ["simulator", "openai", "anthropic", "gemini"];

function aliasProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const configured = records(values["providers"]).map(({ item }) => String(item["name"]));
  const known = [...new Set([...configured, ...builtInNames])];
  const aliases = records(values["aliases"]);
  const names = new Set(aliases.map(({ item }) => item["name"]));
  return aliases.flatMap(({ item, index }) =>
    records(item["targets"]).flatMap(({ item: target, index: at }) => {
      const path = ["aliases", index, "targets", at];
      const problems: SchemaProblem[] = [];
      if (typeof target["provider"] === "string" && !known.includes(target["provider"])) {
        const message = `there is no provider ${JSON.stringify(target["provider"])}. Known: ${known.join(", ")}`;
        problems.push({ path: [...path, "provider"], message });
      }
      if (names.has(target["model"])) {
        const message = `${JSON.stringify(target["model"])} is an alias itself. Name a provider's own model`;
        problems.push({ path: [...path, "model"], message });
      }
      return problems;
    }),
  );
}

function databaseProblems({ control }: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const url = isRecord(control) ? control["databaseUrl"] : "";
  if (typeof url !== "string" || url === "") return [];
  const path = ["control", "databaseUrl"];
  const fault = databaseUrlFault(url);
  if (fault !== "") return [{ path, message: fault }];
  if (!hasPassword(url)) return [];
  const message =
    "must not hold a password. Put the URL into the environment variable WEIR_DATABASE_URL, " +
    "or into a file that WEIR_DATABASE_URL_FILE names";
  return [{ path, message }];
}

function urlFault(text: string): string {
  const url = URL.parse(text);
  if (url === null) return "is not a URL, like https://api.example.com/v1";
  if (url.username !== "" || url.password !== "")
    return "must not hold a password. Put the key into an environment variable and name it in apiKeyEnv";
  if (url.search !== "" || url.hash !== "") return "must not have a query or a fragment";
  return "";
}
