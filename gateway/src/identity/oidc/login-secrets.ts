import { createHmac } from "node:crypto";

/**
 * The PKCE verifier and the nonce of a sign-in come from the secret in the browser's cookie: what
 * the store has of it is a hash, from which nobody can finish the sign-in.
 */
export function loginSecretsOf(secret: string): {
  readonly codeVerifier: string;
  readonly nonce: string;
} {
  const derive = (purpose: string) =>
    createHmac("sha256", secret).update(`weir oidc ${purpose}`).digest("base64url");
  return { codeVerifier: derive("code verifier"), nonce: derive("nonce") };
}
