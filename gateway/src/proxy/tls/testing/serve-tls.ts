import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { onTestFinished } from "vitest";
import type { Tls } from "../../../config/tls-schema.ts";
import { CertificateAuthority } from "../../authenticate/certificates/certificate-authority.ts";
import { chat, chatAnswer, json, start } from "../../testing/serve.ts";
import { readTlsFiles } from "../read-tls-files.ts";
import { TlsListener } from "../tls-listener.ts";
import { createAuthority, type Issued } from "./certificates.ts";

const services = new Map([
  [
    "spiffe://corp/nightly",
    { id: "nightly", team: "blue", issuer: "client-certificate", subject: "spiffe://corp/nightly" },
  ],
]);
const directory = {
  people: new Map([
    ["ada@corp.example", { teamId: "blue", roles: ["employee"] }],
    ["bob", { teamId: "blue", roles: ["employee"] }],
  ]),
  costCenters: new Map([["blue", "cc-1"]]),
};
export const uri = { type: "url", value: "spiffe://corp/nightly" } as const;
export const email = { type: "email", value: "ada@corp.example" } as const;

export interface TlsSettings {
  readonly takesCommonName?: boolean;
  readonly hasCrl?: boolean;
}

/** A gateway with TLS, whose files can be written anew. */
export async function serveTls({ takesCommonName = false, hasCrl = false }: TlsSettings = {}) {
  const folder = await mkdtemp(join(tmpdir(), "weir-tls-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const authority = await createAuthority();
  const own = await authority.issue({
    subject: "CN=gateway",
    names: [{ type: "ip", value: "127.0.0.1" }],
    isServer: true,
  });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write("cert.pem", own.cert);
  await write("key.pem", own.key);
  await write("ca.pem", authority.cert);
  if (hasCrl) await write("crl.pem", await authority.revoke([]));
  const config: Tls = {
    certFile: join(folder, "cert.pem"),
    keyFile: join(folder, "key.pem"),
    clientCaFile: join(folder, "ca.pem"),
    ...(hasCrl && { clientCrlFile: join(folder, "crl.pem") }),
    clientCommonName: takesCommonName,
  };
  const logged: object[] = [];
  const log = {
    info: (fields: object) => void logged.push(fields),
    error: (fields: object) => void logged.push(fields),
  };
  const listener = new TlsListener(config, await readTlsFiles(config), log);
  onTestFinished(() => listener.stop());
  /** When the provider answers, and that it has been asked. */
  const gate = { answers: Promise.resolve() };
  const upstreamAsked = Promise.withResolvers<void>();
  const { proxy, upstream } = await start(
    (_request, response) => {
      upstreamAsked.resolve();
      void gate.answers.then(() => response.writeHead(200, json).end(chatAnswer));
    },
    {
      tls: listener,
      directory,
      certificates: new CertificateAuthority(services, takesCommonName),
    },
  );
  const agentFor = (shown?: Issued) => {
    const agent = new Agent({
      connections: 1,
      connect: { ca: authority.cert, ...(shown && { cert: shown.cert, key: shown.key }) },
    });
    onTestFinished(() => agent.close());
    return agent;
  };
  const ask = async (dispatcher: Agent, headers: Record<string, string> = {}) => {
    const answer = await request(`${proxy.url}/v1/chat/completions`, {
      method: "POST",
      dispatcher,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(chat),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  };
  const asked = upstreamAsked.promise;
  const files = { folder, write, listener, logged };
  return { authority, proxy, upstream, gate, asked, agentFor, ask, ...files };
}
