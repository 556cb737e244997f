import { decodeJwt } from "jose";
import { Value } from "typebox/value";
import { expect, onTestFinished } from "vitest";
import type { NewGrant } from "../../contracts/api/grants.ts";
import { DelegatedClaims } from "../../contracts/delegation.ts";
import { createGrant } from "../delegation/grant.ts";
import { createKey, type CreateKeyInput } from "../keys/create.ts";
import { createControlFixture } from "./control-fixture.ts";

const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
export const types = {
  grant: "urn:weir:params:oauth:token-type:grant",
  key: "urn:weir:params:oauth:token-type:virtual-key",
  access: "urn:ietf:params:oauth:token-type:access_token",
  jwt: "urn:ietf:params:oauth:token-type:jwt",
};
export const gateway = "http://127.0.0.1:7777";
export const host = "127.0.0.1:7778";
export const hour = 3_600_000;

/** Control with keys of agents and grants, and what posts to its token endpoint. */
export async function start() {
  const fixture = await createControlFixture();
  onTestFinished(() => fixture[Symbol.asyncDispose]());
  const { context, clock, app } = fixture;
  const grant = async (input: Partial<NewGrant> = {}, personId = "ada") =>
    createGrant(context, {
      personId,
      grant: {
        agent: "ada/triage",
        scopes: ["llm:call", "models:list"],
        untilMs: clock.nowMs + hour,
        ...input,
      },
      serviceIds: new Set(),
    });
  const agent = (agentId: string, input: Partial<CreateKeyInput> = {}) =>
    createKey(context, { name: agentId, personId: "ada", agentId, ...input });
  const post = async (form: Record<string, string>) => {
    const answer = await app.inject({
      method: "POST",
      url: "/oauth/token",
      headers: { host, "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams({ grant_type: exchange, ...form }).toString(),
    });
    const body: Record<string, unknown> = answer.json();
    return body;
  };
  const redeem = (subject: string, key: string, more: Record<string, string> = {}) =>
    post({
      subject_token: subject,
      subject_token_type: types.grant,
      actor_token: key,
      actor_token_type: types.key,
      ...more,
    });
  const handOn = (token: string, key: string, more: Record<string, string> = {}) =>
    redeem(token, key, { subject_token_type: types.access, ...more });
  return { ...fixture, grant, agent, post, redeem, handOn };
}

export function claimsOf(answer: Record<string, unknown>): DelegatedClaims {
  expect(answer["error_description"]).toBeUndefined();
  return Value.Parse(DelegatedClaims, decodeJwt(String(answer["access_token"])));
}
