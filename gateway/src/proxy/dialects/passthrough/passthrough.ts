import type { Dialect, OpaqueOperation } from "../dialect.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";

const PATH = /^\/providers\/([a-z0-9][a-z0-9-]{0,62})(\/.*)$/;
// Dots, with parameters or not, and encoded dots or slashes: the provider might read another path.
const AMBIGUOUS = /(?:^|\/)(?:\.|%2e){1,2}(?:;[^/]*)?(?:\/|$)|%2f|%5c|\\|\/\//i;

/** `/providers/<name>/*`: whatever a configured provider offers, unread, if policy allows it. */
export const passthrough: Dialect = {
  name: "passthrough",
  providerDialect: "openai",
  match: ({ method, path }) => {
    const [, providerName, rest] = PATH.exec(path) ?? [];
    if (providerName === undefined || rest === undefined || AMBIGUOUS.test(rest)) return null;
    return through(method, providerName, rest);
  },
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

function through(method: string, providerName: string, path: string): OpaqueOperation {
  return {
    kind: "opaque",
    id: "passthrough",
    dialect: passthrough,
    metered: false,
    auxiliary: false,
    free: false,
    method,
    providerName,
    stateIds: [],
    meterJson: null,
    upstreamPath: () => path,
  };
}
