import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import { ConfigError, formatProblem } from "./problem.ts";

const files = { certFile: "cert.pem", keyFile: "key.pem" };
const service = {
  id: "nightly",
  team: "blue",
  issuer: "client-certificate",
  subject: "spiffe://n",
};

function load(gateway: object, identity: object = {}) {
  const cwd = mkdtempSync(join(tmpdir(), "weir-config-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const values = { teams: [{ id: "blue" }], gateway, identity };
  writeFileSync(join(cwd, "weir.yaml"), JSON.stringify(values));
  return loadConfig({ env: {}, flags: {}, cwd });
}

function problems(gateway: object, identity?: object): string {
  try {
    load(gateway, identity);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(formatProblem).join("\n");
    throw error;
  }
  return "";
}

test("with TLS the gateway may listen on any address, and asks for no certificate by default", () => {
  expect(load({ host: "0.0.0.0", tls: files }).gateway.tls).toEqual({
    ...files,
    clientCommonName: false,
  });
  expect(problems({ host: "0.0.0.0" })).toContain("Set gateway.tls, or put a TLS proxy before it");
});

test("a service may be one that shows a certificate, where an authority is named", () => {
  const tls = { ...files, clientCaFile: "ca.pem" };
  expect(load({ tls }, { services: [service] }).identity.services).toHaveLength(1);
  expect(problems({ tls: files }, { services: [service] })).toContain(
    "needs gateway.tls.clientCaFile",
  );
});

test.each([
  [{ tls: { ...files, clientCrlFile: "crl.pem" } }, {}, "clientCrlFile"],
  [{ tls: { ...files, clientCommonName: true } }, {}, "clientCommonName"],
  [{ tls: { certFile: "cert.pem" } }, {}, "keyFile"],
  [
    {},
    { issuers: [{ name: "client-certificate", issuer: "https://x.example", audience: "weir" }] },
    "Choose another",
  ],
])("%j with %j is told", (gateway, identity, reason) => {
  expect(problems(gateway, identity)).toContain(reason);
});
