import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Config } from "../../config/schema.ts";
import { RecomputeProgress, UnpricedModels } from "../../contracts/api/prices.ts";
import { Problem } from "../../contracts/problem.ts";
import { Value } from "typebox/value";
import { planDirectory } from "../../control/directory/plan.ts";
import type { ControlContext } from "../../control/store/change.ts";
import { createLoginToken, redeemLoginToken } from "../../identity/login-link.ts";
import { endSession } from "../../identity/session.ts";
import { sessionCookieName } from "../../identity/session-cookie.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import type { Running } from "../../supervisor/running.ts";
import { withControlStore } from "../open-control-store.ts";
import type { CommandDesk } from "./price-desk.ts";

/**
 * Asks the running control, signed in as the owner for as long as it takes: whoever may write the
 * data directory may sign in as anybody.
 */
export async function withRunningControl<T>(
  config: Config,
  running: Running,
  work: (desk: CommandDesk) => Promise<T>,
): Promise<T> {
  if (running.console === "") {
    throw new StartFault({
      code: "WEIR_CONTROL_NOT_READY",
      cause: `process ${running.pid} holds the data directory and has no control that is ready`,
      remedy: "Wait until it is ready; for proxies that run apart, ask where control runs.",
      exitCode: exitCodes.failed,
    });
  }
  return withControlStore(config, async (context) => {
    const secret = await signIn(config, context);
    try {
      return await work(createDesk(running.console, `${sessionCookieName}=${secret}`));
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

function createDesk(consoleUrl: string, cookie: string): CommandDesk {
  const ask = async (path: string, body?: object): Promise<Response> => {
    const headers = { cookie, "x-weir-csrf": "1", "content-type": "application/json" };
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(new URL(path, consoleUrl), { headers, ...init });
    if (!response.ok) throw await faultOf(response);
    return response;
  };
  return {
    unpricedModels: async (query) => {
      const search = new URLSearchParams(query).toString();
      const response = await ask(`/api/unpriced-models?${search}`);
      return Value.Parse(UnpricedModels, await response.json());
    },
    recompute: async function* progress(range) {
      const { body } = await ask("/api/prices/recompute", range);
      if (body === null) return;
      const lines = createInterface({ input: Readable.fromWeb(body) });
      for await (const line of lines) yield Value.Parse(RecomputeProgress, JSON.parse(line));
    },
  };
}

async function faultOf(response: Response): Promise<StartFault> {
  const body: unknown = await response.json().catch(() => null);
  const isProblem = Value.Check(Problem, body);
  return new StartFault({
    code: isProblem ? body.code : "WEIR_CONTROL_REFUSED",
    cause: isProblem ? body.title.toLowerCase() : `control answered with ${response.status}`,
    remedy: isProblem ? body.detail : "Look into its log.",
    exitCode: exitCodes.failed,
  });
}
