/** The authenticate stage as the pipeline runs it: who calls, and whether the key is for this. */
import type { Grant } from "../contracts/scope.ts";
import { protectedResourcePath } from "../contracts/delegation.ts";
import type { Authenticated, KeysAwaited } from "./authenticate/authenticated.ts";
import { authenticate } from "./authenticate/authenticate.ts";
import { scopeOf } from "./authenticate/operation-scope.ts";
import type { Exchange } from "./exchange.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import type { RefusalCode } from "./refusal-table.ts";
import { Refusal } from "./refusal.ts";

/** For the keys of an identity provider, and only where a token cannot be judged without. */
const MAX_WAIT_MS = 2_000;
/** Each holds its connection: a flood of tokens with unknown keys must not hold them all. */
const MAX_WAITING = 64;

let waiting = 0;

/**
 * Finds out who calls and writes it to the exchange. From here on a stop ends the call; whoever
 * serves it has to call `exchange.watched?.leave()` when it is over.
 *
 * @throws Refusal of {@link authenticate}, WEIR_SCOPE_MISSING, WEIR_IDENTITY_UNAVAILABLE, WEIR_STOPPED
 */
export async function identify(
  exchange: Exchange,
  context: PipelineContext,
): Promise<Authenticated> {
  const found = look(exchange, context);
  if (!("keysFetched" in found)) return admitted(exchange, found, context);
  if (waiting >= MAX_WAITING) throw new Refusal("WEIR_IDENTITY_UNAVAILABLE");
  waiting += 1;
  const enough = new AbortController();
  try {
    await Promise.race([found.keysFetched, context.clock.sleep(MAX_WAIT_MS, enough.signal)]);
  } finally {
    waiting -= 1;
    enough.abort();
  }
  return identifyAtOnce(exchange, context);
}

/** The same without waiting for anything. */
export function identifyAtOnce(exchange: Exchange, context: PipelineContext): Authenticated {
  const found = look(exchange, context);
  if ("keysFetched" in found) throw new Refusal("WEIR_IDENTITY_UNAVAILABLE");
  return admitted(exchange, found, context);
}

function look(exchange: Exchange, context: PipelineContext): Authenticated | KeysAwaited {
  const snapshot = context.snapshot();
  try {
    return authenticate(
      exchange.caller,
      { snapshot, tokens: context.tokens, certificates: context.certificates },
      exchange.startedAtMs,
    );
  } catch (thrown) {
    const delegation = snapshot.delegation ?? null;
    if (delegation !== null && thrown instanceof Refusal && thrown.kind === "unauthenticated")
      thrown.challenge = challengeOf(delegation, thrown.code);
    throw thrown;
  }
}

/** Where a client learns whom to ask for a token (RFC 9728 §5.1). */
function challengeOf({ resource }: { readonly resource: string }, code: RefusalCode): string {
  // RFC 6750 §3.1: whoever has sent nothing is told of no error.
  const error = code === "WEIR_KEY_MISSING" ? "" : 'error="invalid_token", ';
  return `Bearer ${error}resource_metadata="${resource}${protectedResourcePath}"`;
}

/** Whose it is stands on the row even if the credential is not for this. */
function admitted(
  exchange: Exchange,
  found: Authenticated,
  context: PipelineContext,
): Authenticated {
  exchange.principal = found.principal;
  exchange.grant = {
    scopes: found.scopes ?? null,
    models: found.models ?? null,
    ...(found.alsoModels !== undefined && { alsoModels: found.alsoModels }),
    ...(found.tools !== undefined && { tools: found.tools }),
  };
  exchange.watched = context.stops.enter({
    principal: found.principal,
    sessionId: exchange.asserted.sessionId,
    ...(found.actors !== undefined && { actors: found.actors }),
  });
  noteAgent(exchange, exchange.grant, found.actors?.length ?? 0, context);
  if (found.secretId !== undefined) context.keyUse?.used(found.secretId, exchange.startedAtMs);
  const needed = scopeOf(exchange.operation);
  if (found.scopes === undefined || found.scopes.includes(needed)) return found;
  throw new Refusal("WEIR_SCOPE_MISSING", {
    message: `This key is not for such calls: it has ${found.scopes.join(", ")}, and this needs ${needed}. Use a key with that scope; 'weir key create --scope ${needed}' makes one.`,
  });
}

/** @throws Refusal WEIR_STOPPED when more agents act in a session than may; it is paused then. */
function noteAgent(
  { principal, asserted, id: callId }: Exchange,
  grant: Grant,
  depth: number,
  { sessionLimits, stops }: PipelineContext,
): void {
  if (principal === undefined || sessionLimits === null) return;
  const { sessionId, agentId } = asserted;
  const breach = sessionLimits.noteAgent({ principal, grant, sessionId, callId }, agentId, depth);
  if (breach === null) return;
  // It holds here at once; whoever reports it logs what goes wrong.
  stops.pause(breach.pause).catch(() => undefined);
  throw new Refusal("WEIR_STOPPED", { message: breach.message });
}
