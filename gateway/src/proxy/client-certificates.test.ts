/** TLS in the gateway's own listener, and client certificates in place of keys: used and attacked. */
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { testKey } from "./testing/start-test-proxy.ts";
import { sanNames } from "./tls/client-certificate.ts";
import { createAuthority, type Issued } from "./tls/testing/certificates.ts";
import { email, serveTls, uri } from "./tls/testing/serve-tls.ts";

test("a service and a person call by their certificates, and the row says so", async () => {
  const { authority, agentFor, ask, proxy, upstream } = await serveTls();
  const service = agentFor(await authority.issue({ names: [uri] }));
  expect((await ask(service)).status).toBe(200);
  const person = agentFor(await authority.issue({ names: [email] }));
  expect((await ask(person)).status).toBe(200);
  const calls = await proxy.recorded(2);
  expect(calls.map(({ principal }) => principal)).toMatchObject([
    { id: "nightly", kind: "service", teamId: "blue", costCenter: "cc-1", assurance: "mtls" },
    { id: "ada@corp.example", kind: "person", keyId: "certificate:ada@corp.example" },
  ]);
  expect(JSON.stringify(upstream.requests)).not.toContain("BEGIN CERTIFICATE");
});

test("a key that is sent decides, whatever the connection was made with", async () => {
  const { authority, agentFor, ask, proxy } = await serveTls();
  const shown = agentFor(await authority.issue({ names: [uri] }));
  expect((await ask(shown, { authorization: `Bearer ${testKey}` })).status).toBe(200);
  expect((await ask(shown, { authorization: "Bearer weir_wrong" })).status).toBe(401);
  expect((await ask(agentFor(), { "x-api-key": testKey })).status).toBe(200);
  const ids = (await proxy.recorded(3)).map(({ principal }) => principal?.id);
  expect(ids).toEqual(["person-1", undefined, "person-1"]);
});

test("without a certificate and a key nobody is let in", async () => {
  const { agentFor, ask } = await serveTls();
  const { status, text } = await ask(agentFor());
  expect([status, text]).toEqual([401, expect.stringContaining("WEIR_KEY_MISSING")]);
});

test("attack: another authority's, an expired, a future and a server's certificate do not count", async () => {
  const { authority, agentFor, ask } = await serveTls();
  const impostor = await createAuthority();
  const hour = 3_600_000;
  const wrong = [
    await impostor.issue({ names: [uri] }),
    await authority.issue({ names: [uri], notAfter: new Date(Date.now() - 1_000) }),
    await authority.issue({ names: [uri], notBefore: new Date(Date.now() + hour / 2) }),
    await authority.issue({ names: [uri], isServer: true }),
  ];
  for (const shown of wrong) {
    const { status, text } = await ask(agentFor(shown));
    expect([status, text]).toEqual([401, expect.stringContaining("WEIR_CERTIFICATE_INVALID")]);
  }
});

test("attack: a header that says which certificate it was is nobody's", async () => {
  const { authority, agentFor, ask } = await serveTls();
  const { cert } = await authority.issue({ names: [uri] });
  const inline = cert.replaceAll("\n", "");
  const headers = {
    "client-cert": `:${Buffer.from(cert).toString("base64")}:`,
    "x-forwarded-client-cert": `Cert="${encodeURIComponent(cert)}"`,
    "x-ssl-client-cert": inline,
    "ssl-client-verify": "SUCCESS",
  };
  expect((await ask(agentFor(), headers)).status).toBe(401);
});

test("attack: a certificate that names nobody, or two, is refused", async () => {
  const { authority, agentFor, ask } = await serveTls();
  const nobody = agentFor(await authority.issue({ names: [{ type: "dns", value: "x.example" }] }));
  const { status, text } = await ask(nobody);
  expect([status, text]).toEqual([403, expect.stringContaining("names nobody")]);
  const two = agentFor(await authority.issue({ names: [uri, email] }));
  expect((await ask(two)).status).toBe(401);
});

test("attack: a name within a name is not a name", async () => {
  const { authority, agentFor, ask } = await serveTls();
  const value = "https://x.example/, URI:spiffe://corp/nightly";
  const shown = agentFor(await authority.issue({ names: [{ type: "url", value }] }));
  expect((await ask(shown)).status).toBe(403);
  expect(sanNames('URI:"https://x/, URI:spiffe://corp/nightly", DNS:a')).toEqual([
    "https://x/, URI:spiffe://corp/nightly",
    "a",
  ]);
  for (const text of ['URI:a"b', 'URI:"a', "URI", 'URI:"a"b']) expect(sanNames(text)).toBeNull();
});

test("the common name counts only where weir.yaml says so", async () => {
  const strict = await serveTls();
  const shown = { subject: "CN=bob" };
  expect((await strict.ask(strict.agentFor(await strict.authority.issue(shown)))).status).toBe(403);
  const lax = await serveTls({ takesCommonName: true });
  expect((await lax.ask(lax.agentFor(await lax.authority.issue(shown)))).status).toBe(200);
  const two = await lax.authority.issue({ subject: "CN=bob, CN=nightly" });
  expect((await lax.ask(lax.agentFor(two))).status).toBe(403);
});

test("a socket is opened by a certificate too, and not by a bad one", async () => {
  const { authority, proxy } = await serveTls();
  const impostor = await createAuthority();
  const url = `${proxy.url.replace("https:", "wss:")}/v1/responses`;
  const statusWith = async (shown: Issued) => {
    const socket = new WebSocket(url, { ca: authority.cert, cert: shown.cert, key: shown.key });
    const { promise, resolve } = Promise.withResolvers<number>();
    socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.once("open", () => resolve(101));
    // To break off what has not begun is an error to `ws`.
    socket.on("error", () => undefined);
    const status = await promise;
    socket.terminate();
    return status;
  };
  expect(await statusWith(await impostor.issue({ names: [uri] }))).toBe(401);
  // No provider of this test has sockets: whoever is known is sent to a POST.
  expect(await statusWith(await authority.issue({ names: [uri] }))).toBe(426);
});
