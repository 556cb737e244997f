import type { JWTPayload } from "jose";
import type { LightMyRequestResponse } from "fastify";
import type { Identity } from "../../config/identity-schema.ts";
import { type ControlFixture, createControlFixture, signInSettingsFor } from "./control-fixture.ts";
import { clientId, createTestProvider, type TestProvider } from "./identity-provider.ts";

/** One browser's cookies, as it sends them to one origin. */
export class TestBrowser {
  readonly #cookies = new Map<string, string>();
  readonly #fixture: ControlFixture;

  constructor(fixture: ControlFixture) {
    this.#fixture = fixture;
  }

  get cookies(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#cookies);
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    return this.#send({ method: "GET", url, headers });
  }

  /** As the console's own page sends it. */
  async post(url: string, payload?: object): Promise<LightMyRequestResponse> {
    const headers = { "x-weir-csrf": "1", "sec-fetch-site": "same-origin" };
    return this.#send({ method: "POST", url, headers, ...(payload && { payload }) });
  }

  async #send(request: {
    method: "GET" | "POST";
    url: string;
    headers: Record<string, string>;
    payload?: object;
  }): Promise<LightMyRequestResponse> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { host: "127.0.0.1:7778", cookie, ...request.headers };
    const answer = await this.#fixture.app.inject({ ...request, headers });
    for (const { name, value } of answer.cookies) {
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}

export interface SignInFixture extends ControlFixture {
  readonly provider: TestProvider;
  readonly browser: () => TestBrowser;
  /** Begins to sign in, and gets the identity provider's word: the address to come back to. */
  readonly begin: (browser: TestBrowser, claims: JWTPayload, returnTo?: string) => Promise<string>;
  /** The whole way. */
  readonly signInAs: (browser: TestBrowser, claims: JWTPayload) => Promise<LightMyRequestResponse>;
}

/** Control with an identity provider; the groups `eng` and `ops` have a team. */
export async function createSignInFixture(
  identity: Partial<Identity> = {},
  oidc: Partial<NonNullable<Identity["oidc"]>> = {},
): Promise<SignInFixture> {
  const provider = await createTestProvider();
  let made: ControlFixture | null = null;
  const clock = {
    get nowMs() {
      return made?.clock.nowMs ?? 0;
    },
  };
  const settings = {
    contact: "it@example.com",
    ...identity,
    oidc: {
      issuer: provider.issuer,
      clientId,
      personClaim: "preferred_username" as const,
      groups: { ops: { team: "alpha", roles: ["security"] }, eng: { team: "beta" } },
      ...oidc,
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by its schema there
  const signInSettings = signInSettingsFor(settings as Partial<Identity>, clock);
  const fixture = await createControlFixture({ signInSettings });
  made = fixture;
  const begin = async (browser: TestBrowser, claims: JWTPayload, returnTo = "/usage") => {
    const query = new URLSearchParams({ returnTo }).toString();
    const sent = await browser.get(`/auth/sign-in?${query}`);
    const back = provider.approve(String(sent.headers.location), claims);
    return `/auth/callback?${back.toString()}`;
  };
  return {
    ...fixture,
    provider,
    browser: () => new TestBrowser(fixture),
    begin,
    signInAs: async (browser, claims) => browser.get(await begin(browser, claims)),
    [Symbol.asyncDispose]: async () => {
      await provider.stop();
      await fixture[Symbol.asyncDispose]();
    },
  };
}
