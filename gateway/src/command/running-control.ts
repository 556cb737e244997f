import { Value } from "typebox/value";
import type { Config } from "../config/schema.ts";
import { Problem } from "../contracts/problem.ts";
import { planDirectory } from "../control/directory/plan.ts";
import type { ControlContext } from "../control/store/change.ts";
import { isConsoleServedOverTls } from "../control/sign-in-settings.ts";
import { createLoginToken, redeemLoginToken } from "../identity/login-link.ts";
import { endSession } from "../identity/session.ts";
import { sessionCookieName } from "../identity/session-cookie.ts";
import { exitCodes, StartFault } from "../supervisor/fault.ts";
import type { Running } from "../supervisor/running.ts";
import { type DataOwner, withControlStore } from "./open-control-store.ts";

/** Asks the API of control: GET, or POST when there is a body. @throws StartFault for a refusal. */
export type AskControl = (path: string, body?: object) => Promise<Response>;

/**
 * Asks the running control, signed in as the owner for as long as it takes: whoever may write the
 * data directory may sign in as anybody.
 */
export async function withRunningControl<T>(
  owner: DataOwner,
  running: Running,
  work: (ask: AskControl) => Promise<T>,
): Promise<T> {
  if (running.console === "") {
    throw new StartFault({
      code: "WEIR_CONTROL_NOT_READY",
      cause: `process ${running.pid} holds the data directory and has no control that is ready`,
      remedy: "Wait until it is ready; for proxies that run apart, ask where control runs.",
      exitCode: exitCodes.failed,
    });
  }
  return withControlStore(owner, async (context) => {
    const secret = await signIn(owner.config, context);
    const isServedOverTls = isConsoleServedOverTls(owner.config);
    const cookie = `${sessionCookieName(isServedOverTls)}=${secret}`;
    try {
      return await work(createAsk(running.console, cookie));
    } finally {
      await endSession(context, secret);
    }
  });
}

async function signIn(config: Config, context: ControlContext): Promise<string> {
  const personId = planDirectory(config, "").ownerId;
  const secret = await redeemLoginToken(context, await createLoginToken(context, { personId }));
  if (secret === null) throw new Error("the login token of a moment ago is not valid");
  return secret;
}

function createAsk(consoleUrl: string, cookie: string): AskControl {
  return async (path, body) => {
    const headers = { cookie, "x-weir-csrf": "1", "content-type": "application/json" };
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(new URL(path, consoleUrl), { headers, ...init });
    if (!response.ok) throw await faultOf(response);
    return response;
  };
}

async function faultOf(response: Response): Promise<StartFault> {
  const body: unknown = await response.json().catch(() => null);
  if (Value.Check(Problem, body)) return problemFault(body);
  return new StartFault({
    code: "WEIR_CONTROL_REFUSED",
    cause: `control answered with ${response.status}`,
    remedy: "Look into its log.",
    exitCode: exitCodes.failed,
  });
}

/** What control says is wrong, as a command says it. */
export function problemFault(problem: Pick<Problem, "code" | "title" | "detail">): StartFault {
  return new StartFault({
    code: problem.code,
    cause: problem.title.toLowerCase(),
    remedy: problem.detail,
    exitCode: exitCodes.failed,
  });
}
