import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { ScimResource } from "../scim/resource.ts";
import type { ScimRules } from "../scim/scim-rules.ts";
import { ScimError } from "../scim/scim-error.ts";
import type { SignInSettings } from "../sign-in-settings.ts";
import type { ControlContext } from "../store/change.ts";

export interface ScimRouteDeps {
  readonly context: Omit<ControlContext, "actor">;
  /** Null = not set, and the routes are not there. */
  readonly scim: ScimRules | null;
  readonly signInSettings: Pick<SignInSettings, "consoleUrl">;
  /** Makes proxies know of what has changed. */
  readonly publish: () => Promise<void>;
}

/** A group of some ten thousand members. */
const maxScimBodyBytes = 1_048_576;
export const scimMediaType = "application/scim+json";

const content = { [scimMediaType]: { schema: {} } };

/** Responses of a route as the API's description has them. */
export function scimResponses(...statuses: number[]) {
  const described = (status: number) =>
    status < 300
      ? { description: "As RFC 7643 and RFC 7644 define it", content }
      : { description: "Error (RFC 7644 §3.12)", content };
  return Object.fromEntries(statuses.map((status) => [status, described(status)]));
}

export const scimRoute = {
  exposeHeadRoute: false,
  bodyLimit: maxScimBodyBytes,
  config: { permission: "scim-token" },
} as const;

export const scimSchema = { tags: ["scim"], security: [{ scimToken: [] }] };
export const IdParams = Type.Object({ id: Type.String({ maxLength: 128 }) });

/** Any object: names in it are compared without regard to case, which no JSON schema can. */
export const AnyBody = Type.Record(Type.String(), Type.Unknown());

export interface ScimUse {
  readonly context: ControlContext;
  readonly rules: ScimRules;
  /** The address of `/scim/v2`. */
  readonly base: string;
}

/** What a handler works with. @throws {ScimError} WEIR_SCIM_NOT_FOUND while SCIM is not set. */
export function useOf({ context, scim, signInSettings }: ScimRouteDeps): ScimUse {
  if (scim === null) throw new ScimError("WEIR_SCIM_NOT_FOUND", "identity.scim is not set.");
  const base = `${signInSettings.consoleUrl()}/scim/v2`;
  return { context: { ...context, actor: "scim" }, rules: scim, base };
}

export function ifMatchOf(request: FastifyRequest): string | null {
  return request.headers["if-match"] ?? null;
}

/** Sends one resource with its version; `Location` too where it has just been made. */
export function sendResource(
  reply: FastifyReply,
  { resource, body, status }: { resource: ScimResource; body?: object; status: 200 | 201 },
): FastifyReply {
  const { version, location } = resource.meta;
  void reply.header("etag", version);
  if (status === 201) void reply.header("location", location);
  return reply
    .code(status)
    .type(scimMediaType)
    .send(body ?? resource);
}

/** Whether the client has this version already (RFC 7644 §3.14). */
export function isKnown(request: FastifyRequest, { meta }: ScimResource): boolean {
  return request.headers["if-none-match"] === meta.version;
}
