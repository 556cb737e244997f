import type { Behaviour } from "./behaviour.ts";
import { framing, type Reply, type Step } from "./reply.ts";

export type Ending = "complete" | "died" | "stalled" | "error_event";

/**
 * Cuts a reply short as its model name asks: a stream after so many content chunks, a JSON body at
 * its half.
 */
export function withFault(
  { steps, errorEvent }: Pick<Reply, "steps" | "errorEvent">,
  behaviour: Behaviour,
): { readonly steps: readonly Step[]; readonly ending: Ending } {
  if (behaviour.fault === "none") return { steps, ending: "complete" };
  const kept = errorEvent === null ? halfOf(steps) : firstOf(steps, behaviour.faultAfter);
  switch (behaviour.fault) {
    case "die":
      return { steps: kept, ending: "died" };
    case "stall":
      return { steps: kept, ending: "stalled" };
    default:
      return { steps: [...kept, framing(errorEvent ?? "")], ending: "error_event" };
  }
}

function firstOf(steps: readonly Step[], contentSteps: number): readonly Step[] {
  let seen = 0;
  let end = 0;
  for (const [index, step] of steps.entries()) {
    if (step.visible > 0) {
      if (seen === contentSteps) break;
      seen += 1;
      end = index + 1;
    }
    if (seen === 0) end = index + 1;
  }
  return steps.slice(0, end);
}

function halfOf([whole]: readonly Step[]): readonly Step[] {
  if (whole === undefined) return [];
  // The tokens were generated and are billed, though the client never learns of them.
  const { reported: _untold, ...billed } = whole;
  const { bytes } = whole;
  const half = Math.floor(bytes.length / 2);
  return [
    {
      ...billed,
      bytes: typeof bytes === "string" ? bytes.slice(0, half) : bytes.subarray(0, half),
    },
  ];
}
