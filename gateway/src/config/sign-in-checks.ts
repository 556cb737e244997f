import { isRecord } from "./read-file.ts";
import type { SchemaProblem } from "./schema-problems.ts";

/** What no schema can say of the section `identity`. */
export function signInProblems(
  values: Readonly<Record<string, unknown>>,
  teams: readonly string[],
): SchemaProblem[] {
  const { identity, console: listener } = values;
  if (!isRecord(identity)) return [];
  return [
    ...consoleUrlProblems(identity, listener),
    ...sessionProblems(identity["session"]),
    ...(isRecord(identity["oidc"]) ? oidcProblems(identity["oidc"], teams) : []),
    ...(isRecord(identity["scim"]) ? scimProblems(identity["scim"], values["control"], teams) : []),
  ];
}

const consoleUrlPath = ["identity", "consoleUrl"];

function consoleUrlProblems(
  { consoleUrl, oidc }: Record<string, unknown>,
  listener: unknown,
): SchemaProblem[] {
  if (typeof consoleUrl !== "string") return [];
  if (consoleUrl === "") {
    const isBehindProxy = isRecord(listener) && listener["behindTlsProxy"] === true;
    if (oidc === undefined || !isBehindProxy) return [];
    const message =
      "is needed to sign in behind a TLS proxy: say under which address browsers reach the console, " +
      "like https://weir.example.com";
    return [{ path: consoleUrlPath, message }];
  }
  const url = URL.parse(consoleUrl);
  if (url === null || !/^https?:$/.test(url.protocol) || !isOrigin(url)) {
    const message = "must be an origin without a path, like https://weir.example.com";
    return [{ path: consoleUrlPath, message }];
  }
  if (url.protocol === "https:" || isLoopbackName(url.hostname)) return [];
  const message = "must begin with https:// unless it is an address of this machine alone";
  return [{ path: consoleUrlPath, message }];
}

function isOrigin(url: URL): boolean {
  const { pathname, search, hash, username, password } = url;
  return pathname === "/" && `${search}${hash}${username}${password}` === "";
}

function isLoopbackName(name: string): boolean {
  return name === "localhost" || name === "[::1]" || /^127(\.\d+){3}$/.test(name);
}

function sessionProblems(session: unknown): SchemaProblem[] {
  if (!isRecord(session)) return [];
  const { idleMs, absoluteMs } = session;
  if (typeof idleMs !== "number" || typeof absoluteMs !== "number" || idleMs <= absoluteMs)
    return [];
  const message = `is longer than absoluteMs (${absoluteMs}), and so would never count`;
  return [{ path: ["identity", "session", "idleMs"], message }];
}

function oidcProblems(oidc: Record<string, unknown>, teams: readonly string[]): SchemaProblem[] {
  const path = ["identity", "oidc"];
  const problems: SchemaProblem[] = [];
  const fault = issuerFault(oidc["issuer"]);
  if (fault !== "") problems.push({ path: [...path, "issuer"], message: fault });
  const { scopes, groups } = oidc;
  if (Array.isArray(scopes) && !scopes.includes("openid")) {
    const message = "must have openid among them: without it there is no ID token";
    problems.push({ path: [...path, "scopes"], message });
  }
  return [...problems, ...groupProblems(groups, [...path, "groups"], teams)];
}

function groupProblems(
  groups: unknown,
  path: readonly string[],
  teams: readonly string[],
): SchemaProblem[] {
  return Object.entries(isRecord(groups) ? groups : {}).flatMap(([name, mapping]) => {
    const team = isRecord(mapping) ? mapping["team"] : undefined;
    if (typeof team !== "string" || teams.includes(team)) return [];
    const message = `there is no team ${JSON.stringify(team)}. Known: ${teams.join(", ")}`;
    return [{ path: [...path, name, "team"], message }];
  });
}

function scimProblems(
  { tokenEnv, groups }: Record<string, unknown>,
  control: unknown,
  teams: readonly string[],
): SchemaProblem[] {
  const path = ["identity", "scim"];
  const problems = groupProblems(groups, [...path, "groups"], teams);
  const shared = isRecord(control) ? control["tokenEnv"] : undefined;
  if (tokenEnv !== undefined && tokenEnv === shared) {
    const message = "is the variable of control.tokenEnv. Give the identity provider its own token";
    problems.push({ path: [...path, "tokenEnv"], message });
  }
  return problems;
}

function issuerFault(issuer: unknown): string {
  if (typeof issuer !== "string") return "";
  const url = URL.parse(issuer);
  if (url === null) return "is not a URL, like https://login.example.com";
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return "must not have a user, a query or a fragment";
  if (url.protocol === "https:") return "";
  if (url.protocol === "http:" && isLoopbackName(url.hostname)) return "";
  return "must begin with https://: whoever can change what it says can sign in as anybody";
}
