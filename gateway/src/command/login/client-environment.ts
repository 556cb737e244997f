import type { StoredLogin } from "./stored-login.ts";

/** What clients of the usual SDKs read, for a shell to evaluate. */
export function clientEnvironment({ gatewayUrl, key }: StoredLogin): string {
  const variables = {
    OPENAI_BASE_URL: `${gatewayUrl}/v1`,
    OPENAI_API_KEY: key,
    ANTHROPIC_BASE_URL: gatewayUrl,
    ANTHROPIC_API_KEY: key,
    GOOGLE_GEMINI_BASE_URL: gatewayUrl,
    GEMINI_API_KEY: key,
  };
  const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const lines = Object.entries(variables).map(
    ([name, value]) => `export ${name}=${quote(value)}\n`,
  );
  return lines.join("");
}
