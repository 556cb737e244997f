import { describe, expect, test } from "vitest";
import { closeFrame, decodeFrame, FRAME_HEADER_BYTES } from "./frame.ts";

function frameOf(sequence: number, text: string): Buffer {
  const payload = Buffer.from(text, "utf8");
  const buffer = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  payload.copy(buffer, FRAME_HEADER_BYTES);
  const head = { sequence, timeMs: sequence * 2, type: 1, version: 3 };
  closeFrame(buffer, 0, head, payload.length);
  return buffer;
}

describe("a frame", () => {
  test("comes back as it was written, with a sequence beyond 32 bits", () => {
    const sequence = 2 ** 45 + 7;
    const frame = decodeFrame(frameOf(sequence, '{"a":"ä"}'), 0, FRAME_HEADER_BYTES + 10);
    if (typeof frame === "string") throw new Error(frame);
    expect(frame).toMatchObject({ sequence, timeMs: sequence * 2, type: 1, version: 3 });
    expect(frame.payload.toString()).toBe('{"a":"ä"}');
  });

  test("has the byte layout that is documented", () => {
    expect(frameOf(1, "{}").toString("hex")).toBe(
      "02000000583cc2140100000000000000020000000000000001037b7d",
    );
  });

  test("is incomplete wherever it is cut", () => {
    const buffer = frameOf(9, '{"id":"call"}');
    for (let end = 0; end < buffer.length; end += 1)
      expect(decodeFrame(buffer, 0, end)).toBe("incomplete");
  });

  test("is refused whichever bit of it is flipped", () => {
    const intact = frameOf(9, '{"id":"call"}');
    for (let bit = 0; bit < intact.length * 8; bit += 1) {
      const damaged = Buffer.from(intact);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(typeof decodeFrame(damaged, 0, damaged.length), `bit ${bit}`).toBe("string");
    }
  });
});
