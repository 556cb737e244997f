/** The files of `gateway.tls` while the gateway runs: renewed, revoked, and no good. */
import { join } from "node:path";
import { connect, type ConnectionOptions } from "node:tls";
import { expect, test } from "vitest";
import { chat } from "./testing/serve.ts";
import { testKey } from "./testing/start-test-proxy.ts";
import { readTlsFiles } from "./tls/read-tls-files.ts";
import { email, serveTls, uri } from "./tls/testing/serve-tls.ts";

/** One request over a connection of its own, and the session that could be resumed afterwards. */
async function askOnce(url: string, options: ConnectionOptions) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...options });
  let session: Buffer | undefined;
  socket.on("session", (ticket: Buffer) => (session = ticket));
  let isReused = false;
  socket.on("secureConnect", () => (isReused = socket.isSessionReused()));
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n`;
  const body = JSON.stringify(chat);
  socket.write(
    `${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return { status: Number(text.slice(9, 12)), session, isReused };
}

test("attack: a resumed session does not bring back a certificate that was revoked", async () => {
  const { authority, write, listener, proxy } = await serveTls({ hasCrl: true });
  const { cert, key, serialNumber } = await authority.issue({ names: [uri] });
  const options = { ca: authority.cert, cert, key };
  const first = await askOnce(proxy.url, options);
  const again = await askOnce(proxy.url, { ...options, session: first.session });
  expect([again.status, again.isReused]).toEqual([200, true]);
  await write("crl.pem", await authority.revoke([serialNumber]));
  await listener.reload(proxy.tlsServer());
  const resumed = await askOnce(proxy.url, { ...options, session: first.session });
  expect([resumed.status, resumed.isReused]).toEqual([401, false]);
});

test("attack: a revoked certificate does not come back, by a new or an open connection", async () => {
  const { authority, agentFor, ask, write, listener, proxy, gate, asked } = await serveTls({
    hasCrl: true,
  });
  const shown = await authority.issue({ names: [uri] });
  const open = agentFor(shown);
  const held = Promise.withResolvers<void>();
  gate.answers = held.promise;
  const first = ask(open);
  await asked;
  await write("crl.pem", await authority.revoke([shown.serialNumber]));
  await listener.reload(proxy.tlsServer());
  held.resolve();
  expect((await first).status).toBe(200);
  // Over the connection that was busy when the list changed.
  expect((await ask(open)).status).toBe(401);
  expect((await ask(agentFor(shown))).status).toBe(401);
  const other = agentFor(await authority.issue({ names: [email] }));
  expect((await ask(other)).status).toBe(200);
});

test("a renewed certificate is served without a restart, and a bad file changes nothing", async () => {
  const { authority, agentFor, ask, write, listener, proxy, logged } = await serveTls();
  const renewed = await authority.issue({
    subject: "CN=renewed",
    names: [{ type: "ip", value: "127.0.0.1" }],
    isServer: true,
  });
  await write("cert.pem", renewed.cert);
  await listener.reload(proxy.tlsServer());
  expect(JSON.stringify(logged)).toContain("WEIR_TLS_UNUSABLE");
  const key = { authorization: `Bearer ${testKey}` };
  expect((await ask(agentFor(), key)).status).toBe(200);
  await write("key.pem", renewed.key);
  await listener.reload(proxy.tlsServer());
  expect((await ask(agentFor(), key)).status).toBe(200);
  expect(logged.at(-1)).toHaveProperty("validTo");
});

test.each([
  ["a file that is not there", { certFile: "/nowhere/cert.pem" }, "cannot be read (ENOENT)"],
  ["a key of another certificate", { keyFile: "other.pem" }, "is not the key of the certificate"],
  ["what is no certificate", { certFile: "key.pem" }, "is not the PEM file"],
  ["what is no authority", { clientCaFile: "key.pem" }, "is not the PEM file"],
])("%s is told by name, without what stands in it", async (_what, changes, reason) => {
  const { folder, authority, write } = await serveTls();
  await write("other.pem", (await authority.issue({})).key);
  const paths = Object.entries({
    certFile: "cert.pem",
    keyFile: "key.pem",
    clientCaFile: "ca.pem",
    ...changes,
  }).map(([name, file]) => [name, file.startsWith("/") ? file : join(folder, file)]);
  const failure = await readTlsFiles({
    certFile: "",
    keyFile: "",
    clientCommonName: false,
    ...Object.fromEntries(paths),
  }).catch((error: unknown) => String(error));
  expect(failure).toContain(reason);
  expect(failure).not.toContain("BEGIN");
});
