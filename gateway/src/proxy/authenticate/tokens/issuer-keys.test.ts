/** How keys come, rotate, and outlast an issuer that is down. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newKey } from "../../../identity/testing/sign-token.ts";
import { startTokens } from "./testing/token-fixture.ts";

test("a key that was rotated in is fetched for the first token that names it", async () => {
  const { issuer, key, clock, judge, judgeLater } = await startTokens();
  const next = newKey("k2");
  issuer.keys = [next.jwk, key.jwk];
  clock.nowMs += 10_000;
  const token = issuer.sign(next);
  expect(judge(token)).toBe("awaited");
  expect(await judgeLater(token)).toMatchObject({ id: "ada" });
  expect(judge(issuer.sign(key))).toMatchObject({ id: "ada" });
});

test("a key that was rotated out ends its tokens at the next fetch, those in memory too", async () => {
  const { issuer, key, clock, judge, judgeLater } = await startTokens();
  const token = issuer.sign(key);
  expect(judge(token)).toMatchObject({ id: "ada" });
  const next = newKey("k2");
  issuer.keys = [next.jwk];
  clock.nowMs += 10_000;
  expect(await judgeLater(issuer.sign(next))).toMatchObject({ id: "ada" });
  expect(judge(token)).toBe("WEIR_TOKEN_INVALID");
});

test("attack: a new key under an old kid does not keep the old key's tokens alive", async () => {
  const { issuer, key, clock, judge, judgeLater } = await startTokens();
  const token = issuer.sign(key);
  judge(token);
  const replaced = newKey("k1");
  issuer.keys = [replaced.jwk];
  clock.nowMs += 10_000;
  await judgeLater(issuer.sign(newKey("other")));
  expect(judge(token)).toBe("WEIR_TOKEN_INVALID");
  expect(judge(issuer.sign(replaced))).toMatchObject({ id: "ada" });
});

test("attack: a flood of unknown kids costs the issuer one fetch in ten seconds", async () => {
  const { issuer, key, clock, judge, judgeLater } = await startTokens();
  const before = issuer.fetches();
  const stranger = newKey("x");
  clock.nowMs += 10_000;
  const flood = Array.from({ length: 200 }, (_, index) =>
    issuer.sign({ ...stranger, kid: `unknown-${index}` }),
  );
  const answers = await Promise.all(flood.map((token) => judgeLater(token)));
  expect(new Set(answers)).toEqual(new Set(["WEIR_TOKEN_INVALID"]));
  expect(issuer.fetches()).toBe(before + 1);
  clock.nowMs += 9_999;
  expect(judge(flood[0] ?? "")).toBe("WEIR_TOKEN_INVALID");
  expect(issuer.fetches()).toBe(before + 1);
  expect(judge(issuer.sign(key))).toMatchObject({ id: "ada" });
});

test.each([
  "../../../../etc/passwd",
  "' or 1=1 --",
  "__proto__",
  "constructor",
  "k1\u0000",
  "k".repeat(5_000),
])("attack: the kid %j finds no key", async (kid) => {
  const { issuer, judge } = await startTokens();
  expect(judge(issuer.sign({ ...newKey("k1"), kid }))).toBe("WEIR_TOKEN_INVALID");
});

test("a token without a kid is checked with the only key, and refused where there are more", async () => {
  const { issuer, key, clock, judge, judgeLater } = await startTokens();
  const token = issuer.sign(key, {}, { kid: undefined });
  expect(judge(token)).toMatchObject({ id: "ada" });
  issuer.keys = [key.jwk, newKey("k2").jwk];
  clock.nowMs += 10_000;
  await judgeLater(issuer.sign(newKey("k3")));
  expect(judge(token)).toBe("WEIR_TOKEN_INVALID");
});

test("while the issuer is down its keys are good until they expire, over a restart too", async () => {
  const first = await startTokens({ keysExpireSeconds: 3_600 });
  const { issuer, key, clock } = first;
  issuer.isDown = true;
  clock.nowMs += 3_000_000;
  const again = await first.reopen();
  const token = issuer.sign(key);
  expect(first.judge(token)).toMatchObject({ id: "ada" });
  expect(again.judge(token)).toMatchObject({ id: "ada" });
  clock.nowMs += 600_000;
  const late = issuer.sign(key);
  expect(await again.judgeLater(late)).toBe("WEIR_IDENTITY_UNAVAILABLE");
  expect(again.message(late)).toMatch(/'corp' cannot be fetched/);
  clock.nowMs += 10_000;
  issuer.isDown = false;
  expect(await again.judgeLater(late)).toMatchObject({ id: "ada" });
});

test("what is kept on the disk is public: keys, and no token", async () => {
  const { issuer, key, judge, directory } = await startTokens();
  const token = issuer.sign(key);
  judge(token);
  const files = await readdir(directory);
  expect(files).toEqual(["proxy-0-keys-corp.json"]);
  const text = await readFile(join(directory, files[0] ?? ""), "utf8");
  expect(text).toContain(String(key.jwk["x"]));
  expect(text).not.toContain(token.split(".")[2]);
});

test("attack: discovery of another issuer gives no keys", async () => {
  const { issuer, key, clock } = await startTokens();
  const other = await startTokens({ issuer: `${issuer.url}/tenant` });
  clock.nowMs += 10_000;
  expect(other.judge(issuer.sign(key, { iss: `${issuer.url}/tenant` }))).not.toMatchObject({
    id: "ada",
  });
});

test.each([
  ["no keys", []],
  ["keys of no use", [{ kty: "oct", kid: "k1", k: "AAAA" }]],
])("attack: an issuer that publishes %s any more has its tokens refused", async (_what, keys) => {
  const { issuer, key, clock, judge, judgeLater } = await startTokens();
  const token = issuer.sign(key);
  expect(judge(token)).toMatchObject({ id: "ada" });
  issuer.keys = keys;
  clock.nowMs += 10_000;
  await judgeLater(issuer.sign(newKey("other")));
  expect(judge(token)).toBe("WEIR_TOKEN_INVALID");
});

test("an answer that is no JWKS changes nothing", async () => {
  const { issuer, key, clock, judge, judgeLater } = await startTokens();
  Object.assign(issuer, { keys: "none" });
  clock.nowMs += 10_000;
  await judgeLater(issuer.sign(newKey("other")));
  expect(judge(issuer.sign(key))).toMatchObject({ id: "ada" });
});
