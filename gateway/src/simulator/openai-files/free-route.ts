import { bodySeen } from "../entry.ts";
import { openaiFormat } from "../openai/format.ts";
import type { Route } from "../route.ts";
import { serveRead } from "../serve-call.ts";
import type { Asked, Received } from "../wire.ts";

export const filesFormat = openaiFormat("openai-files");

/** A route whose call is entered in the ledger and costs nothing unless `act` says so. */
export function filesRoute(
  method: string,
  path: string | RegExp,
  act: (call: Received, named: Pick<Asked, "model" | "digest">) => Asked,
): Route {
  return {
    method,
    path,
    wire: filesFormat,
    serve: (call) => {
      const body = bodySeen(call.body);
      serveRead(filesFormat, call, body, () =>
        act(call, { model: "", digest: body.sha256.slice(0, 24) }),
      );
    },
  };
}
