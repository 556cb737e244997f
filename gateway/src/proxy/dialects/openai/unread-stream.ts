import type { StreamMeter } from "../dialect.ts";
import { unknownResponse } from "../response-facts.ts";

/** For what is not known to stream: should it do so all the same, it passes and tells nothing. */
export function unreadStream(): StreamMeter {
  const facts = unknownResponse();
  return { frame: () => "forward", facts: () => facts };
}
