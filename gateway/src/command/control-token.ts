import type { Config } from "../config/schema.ts";
import { exitCodes, StartFault } from "../supervisor/fault.ts";

/** The secret that proxies and control share when they run apart. @throws StartFault */
export function sharedControlToken(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const { tokenEnv } = config.control;
  const token = env[tokenEnv] ?? "";
  if (token.length >= 32) return token;
  throw new StartFault({
    code: "WEIR_CONTROL_TOKEN_MISSING",
    cause: token === "" ? `${tokenEnv} is not set` : `${tokenEnv} has fewer than 32 characters`,
    remedy:
      "Give proxies and control the same secret in it, for example from `openssl rand -hex 32`.",
    exitCode: exitCodes.config,
  });
}
