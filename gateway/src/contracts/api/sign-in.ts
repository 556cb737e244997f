import { type Static, Type } from "typebox";

/** `GET /auth/options`: the ways to sign in that there are. */
export const SignInOptions = Type.Object(
  {
    /** Null while no identity provider is configured. */
    provider: Type.Union([
      Type.Object({ name: Type.String() }, { additionalProperties: false }),
      Type.Null(),
    ]),
    /** Whether one-time links work. */
    localLinks: Type.Boolean(),
    /** Whom to ask; may be empty. */
    contact: Type.String(),
  },
  { additionalProperties: false },
);
export type SignInOptions = Static<typeof SignInOptions>;

/** `POST /api/session/end` where an identity provider has vouched: go there to sign out of it too. */
export const SignedOut = Type.Object(
  { next: Type.String({ description: "Path to navigate to" }) },
  { additionalProperties: false },
);
export type SignedOut = Static<typeof SignedOut>;

/** As it is shown: `WDJB-MJHT`. Case and hyphens do not matter when it is entered. */
const UserCode = Type.String({ minLength: 8, maxLength: 20 });

export const DeviceCodeEntry = Type.Object({ userCode: UserCode }, { additionalProperties: false });
export type DeviceCodeEntry = Static<typeof DeviceCodeEntry>;

export const DeviceDecision = Type.Object(
  { userCode: UserCode, approve: Type.Boolean() },
  { additionalProperties: false },
);
export type DeviceDecision = Static<typeof DeviceDecision>;

/** What a device that wants to be signed in would get. */
export const DeviceRequest = Type.Object(
  {
    /** What the device calls itself: anybody may call it anything. */
    deviceName: Type.String(),
    requestedAtMs: Type.Integer(),
    expiresAtMs: Type.Integer(),
    keyLifetimeMs: Type.Integer(),
  },
  { additionalProperties: false },
);
export type DeviceRequest = Static<typeof DeviceRequest>;
