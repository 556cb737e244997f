import type { LightMyRequestResponse } from "fastify";
import type { ScimRules } from "../scim/scim-rules.ts";
import { type ControlFixture, createControlFixture } from "./control-fixture.ts";

export const scimToken = "a-scim-token-for-tests-0123456789abcdef";
const origin = "http://127.0.0.1:7778";

export interface ScimAnswer {
  readonly status: number;
  readonly headers: LightMyRequestResponse["headers"];
  /** Null where there is none. */
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface ScimFixture extends ControlFixture {
  readonly scim: (
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    payload?: object,
    headers?: Record<string, string>,
  ) => Promise<ScimAnswer>;
  /** Creates a user and returns the id. */
  readonly newUser: (userName: string, more?: object) => Promise<string>;
  readonly newGroup: (displayName: string, members?: readonly string[]) => Promise<string>;
  readonly personOf: (id: string) => Promise<Record<string, unknown> | undefined>;
}

export const testRules: ScimRules = {
  personAttribute: "userName",
  groups: { ops: { team: "alpha", roles: ["security"] }, eng: { team: "beta" } },
  reservedIds: new Set(),
};

/** Control that an identity provider writes; the groups `eng` and `ops` have a team. */
export async function createScimFixture(
  rules: Partial<ScimRules> = {},
  deps: Parameters<typeof createControlFixture>[0] = {},
): Promise<ScimFixture> {
  const scim = { ...testRules, ...rules };
  const fixture = await createControlFixture({ scimToken, scim, ...deps });
  const send: ScimFixture["scim"] = async (method, path, payload, headers = {}) => {
    const url = path.startsWith(origin) ? path.slice(origin.length) : `/scim/v2${path}`;
    const answer = await fixture.app.inject({
      method,
      url,
      headers: {
        host: "127.0.0.1:7778",
        authorization: `Bearer ${scimToken}`,
        ...(payload !== undefined && { "content-type": "application/scim+json" }),
        ...headers,
      },
      ...(payload !== undefined && { payload: JSON.stringify(payload) }),
    });
    const text = answer.body;
    const body: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
    return { status: answer.statusCode, headers: answer.headers, body, text };
  };
  return {
    ...fixture,
    scim: send,
    newUser: async (userName, more = {}) => {
      const made = await send("POST", "/Users", { userName, ...more });
      if (made.status !== 201) throw new Error(made.text);
      return String(made.body["id"]);
    },
    newGroup: async (displayName, members = []) => {
      const list = members.map((value) => ({ value }));
      const made = await send("POST", "/Groups", { displayName, members: list });
      if (made.status !== 201) throw new Error(made.text);
      return String(made.body["id"]);
    },
    personOf: (id) =>
      fixture.store.selectFrom("people").selectAll().where("id", "=", id).executeTakeFirst(),
    [Symbol.asyncDispose]: fixture[Symbol.asyncDispose],
  };
}
