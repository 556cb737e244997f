import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { remoteKeys } from "./logout-keys.ts";

/** A provider's JWKS, which can be changed, and how often it was asked for. */
async function startKeys() {
  const state = { jwks: { keys: [] as object[] }, asked: 0 };
  const server = createServer((_request, response) => {
    state.asked += 1;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(state.jwks));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const rotate = async (kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    state.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "ES256" }] };
    return () => new SignJWT({}).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
  };
  return { state, rotate, url: `http://127.0.0.1:${address.port}/jwks` };
}

test("bug: a logout signed with a key that is newer than the last fetch is not lost", async () => {
  const { rotate, url } = await startKeys();
  const keys = remoteKeys(url);
  const kidOf = async (token: string) => (await jwtVerify(token, keys)).protectedHeader.kid;
  const first = await rotate("one");
  expect(await kidOf(await first())).toBe("one");
  const second = await rotate("two");
  expect(await kidOf(await second())).toBe("two");
});

test("attack: made-up key ids ask the provider no more than once for each cool-down", async () => {
  const { rotate, state, url } = await startKeys();
  const keys = remoteKeys(url);
  const sign = await rotate("one");
  await jwtVerify(await sign(), keys);
  const { privateKey } = await generateKeyPair("ES256");
  const forge = (kid: number) =>
    new SignJWT({}).setProtectedHeader({ alg: "ES256", kid: `forged ${kid}` }).sign(privateKey);
  const forged = await Promise.all(Array.from({ length: 200 }, (_, index) => forge(index)));
  const results = await Promise.allSettled(forged.map((token) => jwtVerify(token, keys)));
  expect(results.every(({ status }) => status === "rejected")).toBe(true);
  expect(state.asked).toBeLessThanOrEqual(3);
});
