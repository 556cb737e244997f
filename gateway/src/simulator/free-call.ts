import type { TokenCounts } from "../contracts/index.ts";
import { defaultBehaviour } from "./behaviour.ts";
import { framing, wholeReply } from "./reply.ts";
import { noTokens } from "./token-sum.ts";
import type { Asked } from "./wire.ts";

/** A request that is answered with JSON and costs nothing; `reported` is usage that the body tells. */
export function freeCall(
  body: object,
  { model, digest }: Pick<Asked, "model" | "digest">,
  reported: TokenCounts | null = null,
): Asked {
  return {
    digest,
    model,
    behaviour: defaultBehaviour,
    stream: false,
    reply: () => wholeReply(framing(JSON.stringify(body), reported ?? undefined), noTokens),
  };
}
