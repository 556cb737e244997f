import type { PolicyEvaluator } from "../../policies/src/evaluate.ts";
import { type AdaptiveCase, directory } from "./adaptive.ts";
import { GuardedSession, type ReplayedCall } from "./guarded-session.ts";

export function replayAdaptive(policy: PolicyEvaluator, one: AdaptiveCase): ReplayedCall {
  const session = new GuardedSession(policy, { suite: "", directory });
  session.userSays(one.prompt);
  for (const read of one.reads) session.answered(read, read.text);
  if (one.afterwards !== undefined) session.userSays(one.afterwards);
  return session.decide(one.attack.tool, one.attack.args);
}
