import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { expect, test } from "vitest";
import { decodeBody } from "./decode-body.ts";
import { HeldRoom, type SharedRoom } from "./room.ts";

const text = Buffer.from(JSON.stringify({ model: "m-1", messages: ["日本 😀".repeat(500)] }));
const maxBytes = 100_000;

/** Room for so many bytes that remembers how much of it was ever taken. */
function roomOf(size: number): SharedRoom & { most: number } {
  let held = 0;
  const room = {
    most: 0,
    take: (bytes: number) => {
      if (held + bytes > size) return false;
      held += bytes;
      room.most = Math.max(room.most, held);
      return true;
    },
    giveBack: (bytes: number) => {
      held -= bytes;
    },
  };
  return room;
}

function decode(bytes: Buffer, encoding: string | undefined, room = 1_000_000) {
  return decodeBody(bytes, encoding, maxBytes, new HeldRoom(roomOf(room)));
}

const codes = (code: string) => expect.objectContaining({ code });
const encoders = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;
const each = Object.entries(encoders);

test.each(each)(
  "%s is undone byte for byte, whatever the case of its name",
  async (coding, encode) => {
    expect(await decode(encode(text), coding)).toEqual(text);
    expect(await decode(encode(text), ` ${coding.toUpperCase()} , identity`)).toEqual(text);
  },
);

test("two codings are undone in the opposite order to that in which they were applied", async () => {
  const twice = gzipSync(zstdCompressSync(text));
  expect(await decode(twice, "zstd, gzip")).toEqual(text);
  await expect(decode(twice, "gzip, zstd")).rejects.toEqual(codes("WEIR_ENCODING_INVALID"));
});

test("a body without a coding, or with identity alone, is the very same bytes", async () => {
  for (const encoding of [undefined, "", "identity", "Identity, identity"]) {
    expect(await decode(text, encoding)).toBe(text);
  }
});

test.each([
  "compress",
  "aws-chunked",
  "gzip2",
  "constructor",
  "__proto__",
  "gzip;q=1",
  "gzip gzip",
])("the unknown coding %s is refused by its name alone", async (encoding) => {
  await expect(decode(gzipSync(text), encoding)).rejects.toEqual(
    codes("WEIR_ENCODING_UNSUPPORTED"),
  );
});

test("attack: three codings at once are refused before any is undone", async () => {
  const thrice = gzipSync(gzipSync(gzipSync(text)));
  await expect(decode(thrice, "gzip, gzip, gzip")).rejects.toEqual(
    codes("WEIR_ENCODING_UNSUPPORTED"),
  );
});

test.each(each)(
  "%s of something else, cut short or of nothing is refused",
  async (coding, encode) => {
    const whole = encode(text);
    for (const bytes of [text, whole.subarray(0, -5), Buffer.alloc(0), whole.subarray(0, 3)]) {
      await expect(decode(bytes, coding)).rejects.toEqual(codes("WEIR_ENCODING_INVALID"));
    }
  },
);

test("deflate without its header is refused: RFC 9110 means the zlib form", async () => {
  await expect(decode(deflateRawSync(text), "deflate")).rejects.toEqual(
    codes("WEIR_ENCODING_INVALID"),
  );
});

test.each(each)("attack: a %s bomb is stopped at the limit of a body", async (coding, encode) => {
  const bomb = encode(Buffer.alloc(5_000_000));
  expect(bomb.length).toBeLessThan(maxBytes);
  await expect(decode(bomb, coding, 200_000)).rejects.toEqual(codes("WEIR_BODY_TOO_LARGE"));
  expect(await decode(encode(Buffer.alloc(maxBytes)), coding)).toHaveLength(maxBytes);
});

test("attack: a bomb within a bomb is stopped at the limit of a body", async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(5_000_000)));
  await expect(decode(bomb, "gzip, gzip")).rejects.toEqual(codes("WEIR_BODY_TOO_LARGE"));
});

test.each(each)(
  "attack: many %s bombs at once hold no more than the room of all calls together",
  async (coding, encode) => {
    const bomb = encode(Buffer.alloc(maxBytes));
    const shared = roomOf(250_000);
    const rooms = Array.from({ length: 10 }, () => new HeldRoom(shared));
    const ends = await Promise.allSettled(
      rooms.map((room) => decodeBody(bomb, coding, maxBytes, room)),
    );
    expect(ends.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(2);
    expect(ends).toContainEqual({ status: "rejected", reason: codes("WEIR_OVERLOADED") });
    expect(shared.most).toBeLessThanOrEqual(250_000);
  },
);

/** One raw block in a frame with a window of 2^windowLog bytes (RFC 8878 §3.1.1). */
function zstdFrame(windowLog: number, content: Buffer): Buffer {
  const blockHeader = Buffer.alloc(3);
  blockHeader.writeUIntLE((content.length << 3) | 1, 0, 3);
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3]);
  return Buffer.concat([head, blockHeader, content]);
}

test("attack: a zstd frame that asks for a window above 8 MB gets none (RFC 9659)", async () => {
  expect(await decode(zstdFrame(23, text), "zstd")).toEqual(text);
  await expect(decode(zstdFrame(24, text), "zstd")).rejects.toEqual(codes("WEIR_ENCODING_INVALID"));
});
