import type { Config } from "../config/schema.ts";
import type { OidcConfig } from "../identity/oidc/claims.ts";
import { IdentityProvider } from "../identity/oidc/provider.ts";
import type { SignInOptions } from "../identity/oidc/sign-in.ts";
import type { SessionLimits } from "../identity/session.ts";

/** How people sign in to this Weir. */
export interface SignInSettings {
  /** Origin under which browsers reach the console; known once control listens. */
  readonly consoleUrl: () => string;
  /** Whether browsers reach the console over TLS: cookies are then tied to its host. */
  readonly isServedOverTls: boolean;
  /** Whom to ask; may be empty. */
  readonly contact: string;
  readonly areLinksAllowed: boolean;
  readonly limits: SessionLimits;
  readonly keyLifetimeMs: number;
  readonly oidc: { readonly config: OidcConfig; readonly provider: IdentityProvider } | null;
  readonly signIn: (oidc: OidcConfig) => SignInOptions;
}

/** Origin under which browsers reach the console, where the configuration says it. */
export function consoleOrigin({ identity }: Pick<Config, "identity">): string | null {
  return identity.consoleUrl === "" ? null : new URL(identity.consoleUrl).origin;
}

/** Whether one-time links work: by default only while there is no identity provider. */
export function areLinksAllowed({ identity }: Pick<Config, "identity">): boolean {
  return identity.localLinks ?? identity.oidc === undefined;
}

/** Whether browsers reach the console over TLS. */
export function isConsoleServedOverTls({
  console: listener,
  identity,
}: Pick<Config, "identity" | "console">): boolean {
  return listener.behindTlsProxy || identity.consoleUrl.startsWith("https:");
}

export function createSignInSettings(
  config: Pick<Config, "identity" | "console" | "people">,
  options: {
    readonly clientSecret: string | null;
    readonly now: () => number;
    /** Where control listens. */
    readonly listensAt: () => string;
  },
): SignInSettings {
  const { identity } = config;
  const { oidc, session } = identity;
  const named = consoleOrigin(config);
  // Without anybody in weir.yaml there is an owner with every right, whom nobody may become.
  const reservedIds = new Set(config.people.length === 0 ? ["owner"] : []);
  return {
    consoleUrl: () => named ?? options.listensAt(),
    isServedOverTls: isConsoleServedOverTls(config),
    contact: identity.contact,
    areLinksAllowed: areLinksAllowed(config),
    limits: session,
    keyLifetimeMs: identity.deviceLogin.keyLifetimeMs,
    oidc:
      oidc === undefined
        ? null
        : { config: oidc, provider: new IdentityProvider({ oidc, ...options }) },
    signIn: (used) => ({
      oidc: used,
      limits: session,
      reservedIds,
      isProvisioned: identity.scim !== undefined,
    }),
  };
}
