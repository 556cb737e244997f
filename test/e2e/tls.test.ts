/** A whole Weir whose gateway has TLS of its own, and takes client certificates. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createAuthority,
  type Issued,
  type TestAuthority,
} from "../../gateway/src/proxy/tls/testing/certificates.ts";
import { readLedger } from "../support/read-ledger.ts";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";

let folder: string;
let authority: TestAuthority;
let weir: RunningWeir;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-tls-"));
  authority = await createAuthority();
  const own = await authority.issue({
    subject: "CN=gateway",
    names: [{ type: "ip", value: "127.0.0.1" }],
    isServer: true,
  });
  const files = { "cert.pem": own.cert, "key.pem": own.key, "ca.pem": authority.cert };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  weir = await startWeir({
    dataDir: join(folder, "data"),
    workers: 2,
    config: {
      gateway: {
        tls: {
          certFile: join(folder, "cert.pem"),
          keyFile: join(folder, "key.pem"),
          clientCaFile: join(folder, "ca.pem"),
        },
      },
      teams: [{ id: "blue" }],
      people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
      identity: {
        services: [
          {
            id: "nightly",
            team: "blue",
            issuer: "client-certificate",
            subject: "spiffe://corp/nightly",
          },
        ],
      },
    },
  });
});

afterAll(async () => {
  await weir?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function statusWith(shown?: Issued, headers: Record<string, string> = {}): Promise<number> {
  const identity = shown === undefined ? {} : { cert: shown.cert, key: shown.key };
  const dispatcher = new Agent({ connect: { ca: authority.cert, ...identity } });
  const { statusCode, body } = await request(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    dispatcher,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "hello" }] }),
  });
  await body.dump();
  await dispatcher.close();
  return statusCode;
}

test("keys and certificates are taken over TLS, and the ledger has who it was", async () => {
  expect(weir.gateway).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const service = await authority.issue({
    names: [{ type: "url", value: "spiffe://corp/nightly" }],
  });
  await expect.poll(() => statusWith(service), { timeout: 10_000 }).toBe(200);
  expect(await statusWith(undefined, { authorization: `Bearer ${weir.key}` })).toBe(200);
  const stranger = await createAuthority();
  const names = [{ type: "url", value: "spiffe://corp/nightly" }] as const;
  expect(await statusWith(await stranger.issue({ names }))).toBe(401);
  expect(await statusWith()).toBe(401);
  await weir.stop();
  const { calls } = await readLedger(join(folder, "data"));
  const served = calls.filter((call) => call["status"] === 200);
  expect(served.map((call) => String(call["principal_id"])).toSorted()).toEqual(["ada", "nightly"]);
});
