/** Attacks on how a token's signature is checked: RFC 8725 §2.1, §3.1. */
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { newKey } from "../../../identity/testing/sign-token.ts";
import { forge, startTokens } from "./testing/token-fixture.ts";

function claims(url: string, nowMs: number) {
  const iat = Math.floor(nowMs / 1000);
  return { iss: url, aud: "weir", sub: "ada", iat, exp: iat + 300 };
}

test.each(["none", "None", "NONE", "nOnE", ""])(
  "attack: alg %j with no signature, or with any, is refused",
  async (alg) => {
    const { issuer, key, clock, judge } = await startTokens();
    const body = claims(issuer.url, clock.nowMs);
    for (const signature of ["", "AAAA", key.kid]) {
      expect(judge(forge({ alg, kid: "k1" }, body, signature))).toBe("WEIR_TOKEN_INVALID");
      expect(judge(forge({ alg }, body, signature))).toBe("WEIR_TOKEN_INVALID");
    }
    const [head, payload] = issuer.sign(key).split(".");
    expect(judge(`${head}.${payload}.`)).toBe("WEIR_TOKEN_INVALID");
  },
);

test.each(["RS256", "ES256"] as const)(
  "attack: a token HMACed with the %s public key that everybody knows is refused",
  async (algorithm) => {
    const key = newKey("k1", algorithm);
    const { issuer, clock, judge } = await startTokens({ algorithms: [algorithm] }, [], key);
    expect(judge(issuer.sign(key))).toMatchObject({ id: "ada" });
    const secrets = [
      key.publicPem,
      key.publicPem.trim(),
      JSON.stringify(key.jwk),
      JSON.stringify({ keys: [key.jwk] }),
      "",
    ];
    for (const alg of ["HS256", "HS384", "HS512"]) {
      for (const secret of secrets) {
        const unsigned = forge({ alg, kid: "k1" }, claims(issuer.url, clock.nowMs)).slice(0, -1);
        const digest = createHmac(alg.replace("HS", "sha"), secret).update(unsigned);
        expect(judge(`${unsigned}.${digest.digest("base64url")}`)).toBe("WEIR_TOKEN_INVALID");
      }
    }
  },
);

test("attack: a JWKS that turns hostile gives no symmetric key, none of another type, none too short", async () => {
  const { issuer, key, clock, judgeLater } = await startTokens({ algorithms: ["ES256", "RS256"] });
  const secret = Buffer.alloc(32, 1);
  const oct = { kty: "oct", kid: "oct", k: secret.toString("base64url"), alg: "HS256", use: "sig" };
  const other = newKey("ed", "EdDSA");
  const encryption = newKey("enc");
  const mismatch = newKey("mismatch", "RS256");
  issuer.keys = [
    oct,
    other.jwk,
    { ...encryption.jwk, use: "enc" },
    { ...mismatch.jwk, alg: "PS256" },
    { kty: "EC", kid: "broken", crv: "P-256", x: "AA", y: "AA" },
    key.jwk,
  ];
  clock.nowMs += 10_000;
  const unsigned = forge({ alg: "HS256", kid: "oct" }, claims(issuer.url, clock.nowMs)).slice(
    0,
    -1,
  );
  const digest = createHmac("sha256", secret).update(unsigned).digest("base64url");
  expect(await judgeLater(`${unsigned}.${digest}`)).toBe("WEIR_TOKEN_INVALID");
  for (const each of [other, encryption, mismatch])
    expect(await judgeLater(issuer.sign(each))).toBe("WEIR_TOKEN_INVALID");
  expect(await judgeLater(issuer.sign(key))).toMatchObject({ id: "ada" });
});

test("attack: an algorithm of the right family that is not pinned is refused", async () => {
  const key = newKey("k1", "RS256");
  const { issuer, judge } = await startTokens({ algorithms: ["RS256"] }, [], key);
  expect(judge(issuer.sign({ ...key, algorithm: "PS256" }))).toBe("WEIR_TOKEN_INVALID");
  expect(judge(issuer.sign({ ...key, algorithm: "RS512" }))).toBe("WEIR_TOKEN_INVALID");
});

test("attack: keys that the token itself brings or points to are not looked at", async () => {
  const { issuer, judge } = await startTokens();
  const own = newKey("k1");
  const before = issuer.fetches();
  for (const header of [
    { jwk: own.jwk },
    { jku: `${issuer.url}/jwks` },
    { x5u: `${issuer.url}/jwks` },
    { x5c: ["AAAA"] },
  ]) {
    expect(judge(issuer.sign(own, {}, header))).toBe("WEIR_TOKEN_INVALID");
  }
  expect(issuer.fetches()).toBe(before);
});

test("attack: an extension that must be understood is refused (RFC 7515 §4.1.11)", async () => {
  const { issuer, key, judge } = await startTokens();
  const header = { crit: ["b64"], b64: false };
  expect(judge(issuer.sign(key, {}, header))).toBe("WEIR_TOKEN_INVALID");
});

test("attack: a changed payload, a padded or a longer spelling of the token is refused", async () => {
  const { issuer, key, judge } = await startTokens();
  const token = issuer.sign(key);
  expect(judge(token)).toMatchObject({ id: "ada", assurance: "token" });
  const [head = "", , signature = ""] = token.split(".");
  const [, otherBody = ""] = issuer.sign(newKey("k1"), { sub: "root" }).split(".");
  for (const forged of [
    `${head}.${otherBody}.${signature}`,
    `${token}=`,
    `${token}.x`,
    token.slice(0, -4),
    `${token}${"A".repeat(9_000)}`,
    "eyJ.e30.",
  ]) {
    expect(judge(forged)).toBe("WEIR_TOKEN_INVALID");
  }
});
