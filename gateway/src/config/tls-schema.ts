import { type Static, Type } from "typebox";

const file = Type.String({ minLength: 1, maxLength: 4_096 });

/** TLS in the gateway's own listener. Files are PEM, and are read anew when they change. */
export const Tls = Type.Object(
  {
    certFile: Type.String({
      ...file,
      description: "The certificate, and after it those between it and its root",
    }),
    keyFile: file,
    clientCaFile: Type.Optional(
      Type.String({
        ...file,
        description: "Whose client certificates are accepted in place of a key; left out = none",
      }),
    ),
    clientCrlFile: Type.Optional(
      Type.String({ ...file, description: "Which of them have been revoked" }),
    ),
    clientCommonName: Type.Boolean({
      default: false,
      description: "Look for a person or a service by the subject's CN too, after all other names",
    }),
  },
  { additionalProperties: false },
);
export type Tls = Static<typeof Tls>;

/** What stands in `identity.services[].issuer` for whoever shows a client certificate. */
export const certificateIssuer = "client-certificate";
