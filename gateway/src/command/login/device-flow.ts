import * as client from "openid-client";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import type { StoredLogin } from "./stored-login.ts";

const clientId = "weir-cli";

/** The part of `openid-client` that talks to a Weir, of which nothing needs to be discovered. */
function configurationOf(consoleUrl: string): client.Configuration {
  const at = (path: string) => new URL(path, consoleUrl).href;
  const configuration = new client.Configuration(
    {
      issuer: new URL(consoleUrl).origin,
      device_authorization_endpoint: at("/oauth/device_authorization"),
      token_endpoint: at("/oauth/token"),
      revocation_endpoint: at("/oauth/revoke"),
    },
    clientId,
    undefined,
    client.None(),
  );
  if (consoleUrl.startsWith("http:")) client.allowInsecureRequests(configuration);
  return configuration;
}

/** The address to sign in at. @throws StartFault for one over which a key could be read. */
export function consoleOrigin(text: string): string {
  const url = URL.parse(text);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? "");
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)) return url.origin;
  throw new StartFault({
    code: "WEIR_CONSOLE_URL_INVALID",
    cause: `${JSON.stringify(text)} is not the address of a console`,
    remedy: "It begins with https://, or is an http:// address of this machine.",
    exitCode: exitCodes.usage,
  });
}

/**
 * Signs this machine in (RFC 8628): shows a code, and waits until somebody has confirmed it.
 *
 * @throws StartFault when it is refused, expires, or Weir cannot be reached.
 */
export async function signInDevice(options: {
  readonly consoleUrl: string;
  readonly deviceName: string;
  readonly now: () => number;
  readonly show: (code: { readonly userCode: string; readonly url: string }) => void;
}): Promise<StoredLogin> {
  const { consoleUrl, deviceName, now, show } = options;
  const configuration = configurationOf(consoleUrl);
  try {
    const begun = await client.initiateDeviceAuthorization(configuration, {
      device_name: deviceName,
    });
    show({ userCode: begun.user_code, url: begun.verification_uri });
    const granted = await client.pollDeviceAuthorizationGrant(configuration, begun);
    const { gateway_url: gatewayUrl } = granted;
    return {
      consoleUrl,
      gatewayUrl: typeof gatewayUrl === "string" ? gatewayUrl : "",
      key: granted.access_token,
      expiresAtMs: now() + (granted.expiresIn() ?? 0) * 1000,
    };
  } catch (error) {
    throw faultOf(error, consoleUrl);
  }
}

/** Revokes the key where it is from (RFC 7009). @throws StartFault when Weir cannot be reached. */
export async function revokeLogin({ consoleUrl, key }: StoredLogin): Promise<void> {
  try {
    await client.tokenRevocation(configurationOf(consoleOrigin(consoleUrl)), key);
  } catch (error) {
    throw faultOf(error, consoleUrl);
  }
}

const remedies: Readonly<Record<string, { cause: string; remedy: string }>> = {
  access_denied: {
    cause: "it was refused in the console, or you may have no more keys",
    remedy: "Run `weir login` again if that was a mistake.",
  },
  expired_token: {
    cause: "nobody has confirmed the code in time",
    remedy: "Run `weir login` again, and enter the code within ten minutes.",
  },
};

function faultOf(error: unknown, consoleUrl: string): StartFault {
  const known = error instanceof client.ResponseBodyError ? remedies[error.error] : undefined;
  const words = known ?? {
    cause: `the console at ${consoleUrl} did not answer as it should`,
    remedy: "Check the address (--url), and that Weir runs there.",
  };
  const code = known === undefined ? "WEIR_LOGIN_FAILED" : "WEIR_LOGIN_REFUSED";
  return new StartFault({ code, ...words, exitCode: exitCodes.failed });
}
