import { type Static, Type } from "typebox";

/** What was said in a call, sealed by the proxy: recorded only where `ledger.content` asks for it. */
export const ContentEvent = Type.Object(
  {
    /** The call's. */
    id: Type.String(),
    atMs: Type.Integer(),
    personId: Type.String(),
    teamId: Type.String(),
    dialect: Type.String(),
    /** Of the whole bodies, of which the sealed ones may be the beginnings. */
    requestBytes: Type.Integer(),
    responseBytes: Type.Integer(),
    truncated: Type.Boolean(),
    /** Base64 of an age v1 file: a {@link CallContent} as JSON, compressed with Zstandard. */
    sealed: Type.String(),
  },
  { additionalProperties: false },
);
export type ContentEvent = Static<typeof ContentEvent>;

/** One body of a call, or its beginning. */
export const ContentBody = Type.Object(
  {
    encoding: Type.Union([Type.Literal("utf8"), Type.Literal("base64")]),
    text: Type.String(),
    /** Of the whole body. */
    bytes: Type.Integer(),
    truncated: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type ContentBody = Static<typeof ContentBody>;

/** What is sealed of a call. */
export const CallContent = Type.Object(
  {
    /** As the client sent it, decompressed. */
    request: ContentBody,
    /** As the provider that answered sent it, decompressed. */
    response: ContentBody,
  },
  { additionalProperties: false },
);
export type CallContent = Static<typeof CallContent>;
