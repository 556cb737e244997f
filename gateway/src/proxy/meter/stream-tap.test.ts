import { expect, test } from "vitest";
import type { FrameVerdict, StreamMeter } from "../dialects/dialect.ts";
import { unknownResponse } from "../dialects/response-facts.ts";
import { StreamTap } from "./stream-tap.ts";

function recordingMeter(verdict: FrameVerdict = "forward") {
  const frames: string[] = [];
  const meter: StreamMeter = {
    frame: (frame) => {
      frames.push(frame.toString());
      return verdict;
    },
    facts: unknownResponse,
  };
  return { frames, meter };
}

test("a last frame without the blank line that ends it is read when the provider has ended", () => {
  for (const rest of ["data: last", "data: last\r", "data: last\n"]) {
    const { frames, meter } = recordingMeter();
    const tap = new StreamTap(meter);
    const passed = tap.push(Buffer.from(`data: first\n\n${rest}`));
    expect(passed?.toString()).toBe("data: first\n\n");
    tap.end();
    expect(frames).toEqual(["data: first\n\n", rest]);
    expect(tap.release()?.toString()).toBe(rest);
  }
});

test("a last frame that is ours alone is left out though nothing ends it", () => {
  const tap = new StreamTap(recordingMeter("strip").meter);
  expect(tap.push(Buffer.from("data: usage"))).toBeNull();
  tap.end();
  expect(tap.release()).toBeNull();
});

test("a frame beyond the bound passes unread, and all that follows it", () => {
  const { frames, meter } = recordingMeter();
  const tap = new StreamTap(meter);
  const image = Buffer.alloc(9_000_000, "x");
  expect(tap.push(image)?.length).toBe(image.length);
  expect(tap.push(Buffer.from("data: later\n\n"))?.toString()).toBe("data: later\n\n");
  tap.end();
  expect(frames).toEqual([]);
});
