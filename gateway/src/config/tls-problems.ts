import { isRecord } from "./read-file.ts";
import { records } from "./records.ts";
import type { SchemaProblem } from "./schema-problems.ts";
import { certificateIssuer } from "./tls-schema.ts";

/** Settings of client certificates that have nothing to work on. */
export function tlsProblems({
  gateway,
  identity,
}: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const tls = isRecord(gateway) && isRecord(gateway["tls"]) ? gateway["tls"] : {};
  const takesCertificates = tls["clientCaFile"] !== undefined;
  const problems: SchemaProblem[] = [];
  if (!takesCertificates) {
    for (const field of ["clientCrlFile", "clientCommonName"]) {
      if (tls[field] === undefined || tls[field] === false) continue;
      const message = "needs gateway.tls.clientCaFile, without which no certificate is asked for";
      problems.push({ path: ["gateway", "tls", field], message });
    }
  }
  if (!isRecord(identity)) return problems;
  for (const { item, index } of records(identity["issuers"])) {
    if (item["name"] !== certificateIssuer) continue;
    const message = `"${certificateIssuer}" stands for gateway.tls.clientCaFile. Choose another`;
    problems.push({ path: ["identity", "issuers", index, "name"], message });
  }
  for (const { item, index } of records(identity["services"])) {
    if (item["issuer"] !== certificateIssuer || takesCertificates) continue;
    const message = "needs gateway.tls.clientCaFile, without which no certificate is asked for";
    problems.push({ path: ["identity", "services", index, "issuer"], message });
  }
  return problems;
}
