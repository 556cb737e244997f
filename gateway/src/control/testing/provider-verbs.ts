import type { ClaimedPerson, OidcConfig } from "../../identity/oidc/claims.ts";
import { endProviderSessions } from "../../identity/oidc/end-provider-sessions.ts";
import { signIn } from "../../identity/oidc/sign-in.ts";
import { defaultSessionLimits } from "../../identity/session.ts";
import { signInSettingsFor } from "./control-fixture.ts";
import type { Verb, VerbFixture } from "./verb.ts";

const session = ["identity/session.ts"];
const claimed = ["identity/oidc/claimed-person.ts"];
const writePerson = ["control/directory/write-person.ts"];

function oidc(): OidcConfig {
  const settings = {
    issuer: "https://login.example",
    clientId: "weir",
    personClaim: "preferred_username",
    groups: { eng: { team: "beta" }, ops: { team: "alpha" } },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its schema adds the rest
  const identity = { oidc: settings } as unknown as Parameters<typeof signInSettingsFor>[0];
  const config = signInSettingsFor(identity, { nowMs: 0 }).oidc?.config;
  if (config === undefined) throw new Error("the section names an identity provider");
  return config;
}

const account = (id: string, groups: readonly string[]): ClaimedPerson => ({
  issuer: "https://login.example",
  subject: `subject-of-${id}`,
  claimedId: id,
  name: id,
  groups,
  areGroupsLeftOut: false,
});

/** By way of the identity provider; somebody who is refused is told by a rejection. */
const signInAs =
  (id: string, groups: readonly string[]) =>
  ({ context }: VerbFixture) =>
    signIn(
      context,
      { oidc: oidc(), limits: defaultSessionLimits, isProvisioned: false, reservedIds: new Set() },
      {
        claimed: account(id, groups),
        provider: {
          issuer: "https://login.example",
          subject: `subject-of-${id}`,
          sid: `session-of-${id}`,
          sealIdToken: () => null,
        },
      },
    );

const knownByProvider = async (fixture: VerbFixture) => {
  await signInAs("erin", ["eng"])(fixture);
  return "";
};

/** What an identity provider brings about. */
export const providerVerbs: Readonly<Record<string, Verb>> = {
  "signing in for the first time by a provider": {
    rows: ["person.create", "person.bind", "session.start"],
    from: [...claimed, ...writePerson, ...session],
    over: null,
    act: signInAs("erin", ["eng"]),
  },
  "signing in again by a provider": {
    rows: ["session.start"],
    from: session,
    over: null,
    prepare: knownByProvider,
    act: signInAs("erin", ["eng"]),
  },
  "signing in with other groups": {
    rows: ["person.update", "session.start"],
    from: [...writePerson, ...session],
    over: null,
    prepare: knownByProvider,
    act: signInAs("erin", ["ops"]),
  },
  "signing in with no group any more": {
    rows: ["person.remove"],
    from: writePerson,
    over: null,
    prepare: knownByProvider,
    act: (fixture) =>
      signInAs(
        "erin",
        [],
      )(fixture).catch((error: unknown) => {
        if (!(error instanceof Error && error.name === "SignInRefusal")) throw error;
      }),
  },
  "being signed out by a provider": {
    rows: ["session.end"],
    from: ["identity/oidc/end-provider-sessions.ts"],
    over: null,
    prepare: knownByProvider,
    act: ({ context, clock }) =>
      endProviderSessions(context, {
        issuer: "https://login.example",
        subject: "subject-of-erin",
        sid: null,
        jti: "1",
        expiresAtMs: clock.nowMs + 1000,
      }),
  },
};
