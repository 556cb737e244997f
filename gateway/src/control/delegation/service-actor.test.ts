/** A service shows a token of its issuer, and no other token passes for it. */
import { decodeJwt } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { newKey } from "../../identity/testing/sign-token.ts";
import { audience, startIssuer } from "../../identity/testing/start-issuer.ts";
import type { Identity } from "../../config/identity-schema.ts";
import { identityFor } from "../testing/control-fixture.ts";
import { hour, start, types } from "../testing/delegation-fixture.ts";
import { exchangeToken } from "./exchange.ts";
import { createDelegationDesk } from "./desk.ts";
import { createGrant } from "./grant.ts";

const key = newKey("corp-1");
const services: Identity["services"] = [
  { id: "nightly", team: "beta", issuer: "corp", subject: "ci-4711", models: ["sim-e*"] },
  { id: "weekly", team: "beta", issuer: "corp", subject: "ci-4712" },
];

/** Control that knows two services of an issuer, and ada's consent to the first of them. */
async function startWithServices() {
  const fixture = await start();
  const { context, clock } = fixture;
  const issuer = await startIssuer(() => clock.nowMs);
  onTestFinished(() => issuer[Symbol.asyncDispose]());
  issuer.keys = [key.jwk];
  const rest = { clockToleranceSeconds: 0, maxTokenAgeSeconds: 3600, refreshSeconds: 300 };
  const identity = identityFor({
    issuers: [
      {
        ...rest,
        name: "corp",
        issuer: issuer.url,
        audience,
        algorithms: ["ES256"],
        personClaim: "sub",
        keysExpireSeconds: 3600,
      },
    ],
  });
  const desk = createDelegationDesk({
    identity: { ...identity, services },
    context,
    controlToken: "a-control-token",
    issuer: () => "http://127.0.0.1:7778",
    gatewayUrl: () => "http://127.0.0.1:7777",
  });
  const consent = await createGrant(context, {
    personId: "ada",
    grant: { agent: "nightly", scopes: ["llm:call"], untilMs: clock.nowMs + hour },
    serviceIds: new Set(services.map(({ id }) => id)),
  });
  const redeem = (actorToken: string) =>
    exchangeToken(
      { ...context, desk },
      {
        subjectToken: consent.id,
        subjectTokenType: types.grant,
        actorToken,
        actorTokenType: types.jwt,
      },
    );
  return { ...fixture, issuer, redeem, desk };
}

const refused = { error: "invalid_request" };

test("a service acts in a person's name by a token of its issuer, within its own models", async () => {
  const { issuer, redeem, desk } = await startWithServices();
  const answer = await redeem(issuer.sign(key, { sub: "ci-4711" }));
  if ("error" in answer) throw new Error(answer.description);
  expect(decodeJwt(answer.token)).toMatchObject({
    sub: "ada",
    act: { sub: "nightly" },
    models: [["sim-*"], ["sim-e*"]],
  });
  expect((await desk.inForce())?.services).toEqual(["nightly", "weekly"]);
});

test("the issuer's keys are kept while it is down", async () => {
  const { issuer, redeem } = await startWithServices();
  expect(await redeem(issuer.sign(key, { sub: "ci-4711" }))).toHaveProperty("token");
  issuer.isDown = true;
  expect(await redeem(issuer.sign(key, { sub: "ci-4711" }))).toHaveProperty("token");
});

test("attack: no other service, audience, time, key or kind of token acts for a service", async () => {
  const { issuer, redeem, clock, agent } = await startWithServices();
  const now = Math.floor(clock.nowMs / 1000);
  const sub = "ci-4711";
  const tokens = [
    issuer.sign(key, { sub: "ci-4712" }),
    issuer.sign(key, { sub: "nightly" }),
    issuer.sign(key, { sub, aud: "elsewhere" }),
    issuer.sign(key, { sub, exp: now - 1 }),
    issuer.sign(key, { sub, exp: undefined }),
    issuer.sign(key, { sub, iat: now - 7200, exp: now + 60 }),
    issuer.sign(key, { sub, nbf: now + 60 }),
    issuer.sign(key, { sub, iss: `${issuer.url}/` }),
    issuer.sign(newKey("corp-1"), { sub }),
    issuer.sign(newKey("corp-1", "EdDSA"), { sub }),
    `${issuer.sign(key, { sub }).split(".").slice(0, 2).join(".")}.`,
    (await agent("triage")).key,
    "",
  ];
  for (const token of tokens) expect(await redeem(token)).toMatchObject(refused);
  expect(await redeem(issuer.sign(key, { sub }))).toHaveProperty("token");
});
