import { isRecord } from "./read-file.ts";
import { certificateIssuer } from "./tls-schema.ts";
import { type Items, records } from "./records.ts";
import type { SchemaProblem } from "./schema-problems.ts";

/** What no schema can say of `identity`: names that must be unique, or known, and URLs. */
export function identityProblems(values: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const { identity } = values;
  if (!isRecord(identity)) return [];
  const issuers = records(identity["issuers"]);
  const services = records(identity["services"]);
  return [
    ...repeated(issuers, "issuers", "name"),
    ...repeated(issuers, "issuers", "issuer"),
    ...repeated(services, "services", "id"),
    ...issuers.flatMap(urlProblems),
    ...serviceProblems(services, issuers, values),
  ];
}

function repeated(items: Items, list: "issuers" | "services", field: string): SchemaProblem[] {
  const seen = new Map<unknown, number>();
  return items.flatMap(({ item, index }) => {
    const first = seen.get(item[field]);
    if (first === undefined) seen.set(item[field], index);
    if (first === undefined || item[field] === undefined) return [];
    const message = `${JSON.stringify(item[field])} is already the ${field} of identity.${list}[${first}]`;
    return [{ path: ["identity", list, index, field], message }];
  });
}

/** Whoever can alter the answer with the keys is everybody: it has to come over TLS. */
function urlProblems({ item, index }: Items[number]): SchemaProblem[] {
  return ["issuer", "jwksUri"].flatMap((field) => {
    const text = item[field];
    if (typeof text !== "string") return [];
    const url = URL.parse(text);
    const path = ["identity", "issuers", index, field];
    if (url === null) return [{ path, message: "is not a URL" }];
    const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
    if (url.protocol === "https:" || isLoopback) return [];
    return [{ path, message: "must be https, unless it is on this machine" }];
  });
}

function serviceProblems(
  services: Items,
  issuers: Items,
  values: Readonly<Record<string, unknown>>,
): SchemaProblem[] {
  const names = issuers.map(({ item }) => item["name"]);
  const teams = records(values["teams"]).map(({ item }) => item["id"]);
  const known = teams.length === 0 ? ["default"] : teams;
  const subjects = new Set<string>();
  return services.flatMap(({ item, index }) => {
    const problems: SchemaProblem[] = [];
    const complain = (field: string, message: string) =>
      problems.push({ path: ["identity", "services", index, field], message });
    const { issuer, team } = item;
    if (typeof issuer === "string" && ![...names, certificateIssuer].includes(issuer)) {
      complain(
        "issuer",
        `there is no issuer ${JSON.stringify(issuer)}. Known: ${names.join(", ")}`,
      );
    }
    if (typeof team === "string" && !known.includes(team)) {
      complain("team", `there is no team ${JSON.stringify(team)}. Known: ${known.join(", ")}`);
    }
    const subject = JSON.stringify([issuer, item["subject"]]);
    if (subjects.has(subject)) complain("subject", "is already that of another service");
    subjects.add(subject);
    return problems;
  });
}
