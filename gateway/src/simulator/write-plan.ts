import { type Cut, pieceEnds } from "./cut.ts";
import type { Step } from "./reply.ts";

/** One socket write. */
export interface Write {
  readonly bytes: string | Buffer;
  /** Steps of which this write sends the last byte. */
  readonly completes: readonly Step[];
  /** Whether the pause between chunks comes before this write. */
  readonly pauses: boolean;
}

/** The writes for a reply: one a step, unless a cut is asked for. */
export function planWrites(steps: readonly Step[], cut: Cut | null, delayed: boolean): Write[] {
  if (cut === null) {
    return steps.map((step) => ({ bytes: step.bytes, completes: [step], pauses: delayed }));
  }
  const body = Buffer.concat(steps.map((step) => Buffer.from(step.bytes)));
  const stepEnds = endsOf(steps);
  const ends = new Set([...pieceEnds(cut, body.length), ...(delayed ? stepEnds : [])]);
  let start = 0;
  let step = 0;
  return [...ends]
    .toSorted((a, b) => a - b)
    .map((end) => {
      const firstStep = step;
      while (step < steps.length && (stepEnds[step] ?? 0) <= end) step += 1;
      const write = {
        bytes: body.subarray(start, end),
        completes: steps.slice(firstStep, step),
        pauses: delayed && (start === 0 || stepEnds.includes(start)),
      };
      start = end;
      return write;
    });
}

function endsOf(steps: readonly Step[]): readonly number[] {
  let end = 0;
  return steps.map((step) => {
    end += Buffer.byteLength(step.bytes);
    return end;
  });
}
