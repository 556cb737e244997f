import type { FastifyReply } from "fastify";
import { type Static, Type } from "typebox";
import type { DelegationDesk } from "../delegation/desk.ts";
import { exchangeToken } from "../delegation/exchange.ts";
import type { ControlContext } from "../store/change.ts";

export const exchangeGrantType = "urn:ietf:params:oauth:grant-type:token-exchange";

const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";
const requestedTypes = new Set([accessTokenType, "urn:ietf:params:oauth:token-type:jwt"]);
const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

/** The members of a form that token exchange has (RFC 8693 §2.1, RFC 8707 §2). */
export const exchangeMembers = {
  subject_token: text(8_192),
  subject_token_type: text(200),
  actor_token: text(8_192),
  actor_token_type: text(200),
  requested_token_type: text(200),
  scope: text(1_000),
  resource: text(512),
  audience: text(512),
  models: text(4_096),
  tools: text(4_096),
};
const ExchangeForm = Type.Object(exchangeMembers);
export type ExchangeForm = Static<typeof ExchangeForm>;

/** Answers a token exchange at the token endpoint. */
export async function answerExchange(
  context: Omit<ControlContext, "actor">,
  desk: DelegationDesk,
  form: ExchangeForm,
  reply: FastifyReply,
): Promise<object> {
  const refuse = (error: string, description: string) =>
    reply.code(400).send({ error, error_description: description });
  const { subject_token: subjectToken, actor_token: actorToken, resource, audience } = form;
  const { subject_token_type: subjectTokenType, actor_token_type: actorTokenType } = form;
  if (subjectToken === undefined || subjectTokenType === undefined)
    return refuse("invalid_request", "subject_token and subject_token_type are missing.");
  if (actorToken === undefined || actorTokenType === undefined)
    return refuse("invalid_request", "An agent shows its own credential as actor_token.");
  if (!requestedTypes.has(form.requested_token_type ?? accessTokenType))
    return refuse("invalid_request", "Only access tokens are issued.");
  if (resource !== undefined && audience !== undefined && resource !== audience)
    return refuse("invalid_target", "A token is for one audience.");
  const target = resource ?? audience;
  const outcome = await exchangeToken(
    { ...context, desk },
    {
      subjectToken,
      subjectTokenType,
      actorToken,
      actorTokenType,
      ...(form.scope !== undefined && { scope: form.scope }),
      ...(target !== undefined && { resource: target }),
      ...(form.models !== undefined && { models: words(form.models) }),
      ...(form.tools !== undefined && { tools: words(form.tools) }),
    },
  );
  if ("error" in outcome) return refuse(outcome.error, outcome.description);
  return {
    access_token: outcome.token,
    issued_token_type: accessTokenType,
    token_type: "Bearer",
    expires_in: outcome.expiresInSeconds,
    scope: outcome.scope,
  };
}

function words(said: string): string[] {
  return said.split(" ").filter((each) => each !== "");
}
