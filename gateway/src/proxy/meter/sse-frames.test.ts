import { describe, expect, test } from "vitest";
import { SseFrames } from "./sse-frames.ts";

const UNBOUNDED = 1_000_000;

function framesOf(packets: Buffer[]): { frames: string[]; rest: string } {
  const splitter = new SseFrames(UNBOUNDED);
  const frames = packets.flatMap((packet) => splitter.push(packet));
  return { frames: frames.map(String), rest: String(splitter.rest()) };
}

const streams: Record<string, { text: string; frames: string[]; rest?: string }> = {
  "LF line ends": { text: "data: a\n\ndata: b\n\n", frames: ["data: a\n\n", "data: b\n\n"] },
  "CR LF line ends": {
    text: "event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n",
    frames: ["event: x\r\ndata: a\r\n\r\n", "data: b\r\n\r\n"],
  },
  "lone CR line ends": {
    text: "data: a\r\rdata: b\r\r:end\n\n",
    frames: ["data: a\r\r", "data: b\r\r", ":end\n\n"],
  },
  "multi-line data and comments": {
    text: ": ping\n\ndata: a\ndata: b\nid: 1\n\n",
    frames: [": ping\n\n", "data: a\ndata: b\nid: 1\n\n"],
  },
  "characters of several bytes": {
    text: 'data: {"t":"日本 😀"}\n\ndata: ü\n\n',
    frames: ['data: {"t":"日本 😀"}\n\n', "data: ü\n\n"],
  },
  "a last event without its blank line": {
    text: "data: a\n\ndata: [DONE]\n",
    frames: ["data: a\n\n"],
    rest: "data: [DONE]\n",
  },
};

describe("SSE frames", () => {
  test.each(Object.entries(streams))(
    "gives the same whole events for %s, cut at every byte",
    (_name, { text, frames, rest = "" }) => {
      const bytes = Buffer.from(text);
      for (let cut = 0; cut <= bytes.length; cut += 1) {
        const packets = [bytes.subarray(0, cut), bytes.subarray(cut)];
        expect(framesOf(packets), `cut at ${cut}`).toEqual({ frames, rest });
      }
      const single = [...bytes].map((byte) => Buffer.from([byte]));
      expect(framesOf(single)).toEqual({ frames, rest });
    },
  );

  test("keeps every byte, in order, whatever arrives", () => {
    const bytes = Buffer.from("\r\n\r\r\n\n\ndata\r:\n\r\n\r\rx\r");
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { frames, rest } = framesOf([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(frames.join("") + rest).toBe(bytes.toString());
    }
  });

  test("passes bytes unread once an event is larger than the bound", () => {
    const splitter = new SseFrames(8);
    expect(splitter.push(Buffer.from("data: 12")).map(String)).toEqual([]);
    expect(splitter.push(Buffer.from("3")).map(String)).toEqual(["data: 123"]);
    expect(splitter.overflowed).toBe(true);
    expect(splitter.push(Buffer.from("\n\ndata: b\n\n")).map(String)).toEqual(["\n\ndata: b\n\n"]);
  });
});
