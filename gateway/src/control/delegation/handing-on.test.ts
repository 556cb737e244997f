/** Tokens that one agent hands on to another. */
import { createHmac, createPublicKey } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { revokeKey } from "../keys/revoke.ts";
import { claimsOf, host, start } from "../testing/delegation-fixture.ts";
import { revokeGrant } from "./revoke-grant.ts";

describe("handing on", () => {
  test("the nesting is kept, and ends where the grant says", async () => {
    const { grant, agent, redeem, handOn } = await start();
    const consent = await grant({ maxHops: 2 });
    const [a, b, c, d] = await Promise.all(["triage", "b", "c", "d"].map((name) => agent(name)));
    if (a === undefined || b === undefined || c === undefined || d === undefined)
      throw new Error("four agents");
    const first = String((await redeem(consent.id, a.key))["access_token"]);
    const second = String((await handOn(first, b.key))["access_token"]);
    const third = await handOn(second, c.key);
    expect(claimsOf(third).act).toEqual({
      sub: "ada/c",
      key: c.record.id,
      act: {
        sub: "ada/b",
        key: b.record.id,
        act: { sub: "ada/triage", key: a.record.id },
      },
    });
    const fourth = await handOn(String(third["access_token"]), d.key);
    expect(fourth).toMatchObject({ error: "invalid_request" });
  });

  test("a grant that says nothing of it cannot be handed on", async () => {
    const { grant, agent, redeem, handOn } = await start();
    const { key } = await agent("triage");
    const token = String((await redeem((await grant()).id, key))["access_token"]);
    expect(await handOn(token, (await agent("b")).key)).toMatchObject({ error: "invalid_request" });
  });

  test("attack: a parent whose key or grant is revoked hands on nothing any more", async () => {
    const { grant, agent, redeem, handOn, context } = await start();
    const consent = await grant({ maxHops: 1 });
    const parent = await agent("triage");
    const child = await agent("child");
    const token = String((await redeem(consent.id, parent.key))["access_token"]);
    await handOn(token, child.key).then(claimsOf);
    await revokeKey(context, { keyId: parent.record.id });
    expect(await handOn(token, child.key)).toMatchObject({ error: "invalid_request" });
    const next = await agent("triage");
    const fresh = String((await redeem(consent.id, next.key))["access_token"]);
    await revokeGrant(context, { grantId: consent.id });
    expect(await handOn(fresh, child.key)).toMatchObject({ error: "invalid_request" });
    expect(await redeem(consent.id, next.key)).toMatchObject({ error: "invalid_request" });
  });

  test("attack: forged nesting, other algorithms and other keys are no subject", async () => {
    const { grant, agent, redeem, handOn, app } = await start();
    const consent = await grant({ maxHops: 2 });
    const { key } = await agent("triage");
    const child = await agent("child");
    const token = String((await redeem(consent.id, key))["access_token"]);
    const [head = "", body = "", signature = ""] = token.split(".");
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const header = decodeProtectedHeader(token);
    const claims = decodeJwt(token);
    const forged = { ...claims, act: { sub: "ada/triage" }, scope: "passthrough:call" };
    const jwks: { keys: Record<string, string>[] } = (
      await app.inject({ url: "/oauth/jwks", headers: { host } })
    ).json();
    const [jwk = {}] = jwks.keys;
    expect(jwk).not.toHaveProperty("d");
    const pem = createPublicKey({ key: jwk, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    });
    const unsigned = `${part({ ...header, alg: "HS256" })}.${body}`;
    const hmac = createHmac("sha256", pem).update(unsigned).digest("base64url");
    const { privateKey } = await generateKeyPair("EdDSA");
    const foreign = await new SignJWT(forged)
      .setProtectedHeader({ ...header, alg: "EdDSA" })
      .sign(privateKey);
    const attacks = [
      `${head}.${part(forged)}.${signature}`,
      `${part({ ...header, alg: "none" })}.${body}.`,
      `${unsigned}.${hmac}`,
      `${part({ ...header, kid: "other" })}.${body}.${signature}`,
      foreign,
    ];
    for (const attack of attacks)
      expect(await handOn(attack, child.key)).toMatchObject({ error: "invalid_request" });
  });
});
