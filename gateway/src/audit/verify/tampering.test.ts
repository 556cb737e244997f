// oxlint-disable max-lines -- one attack after the other, on one log
import { generateKeyPairSync } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { headText, noteDigest, parseHead } from "../heads/head.ts";
import {
  parseNote,
  parseVerifierKey,
  rawPublicKey,
  signNote,
  verifierKeyOf,
  verifierKeyText,
} from "../heads/note.ts";
import { readPublicKey } from "../heads/signing-key.ts";
import { ENTRY_BYTES } from "../log/entry.ts";
import { fillLog, sampleId, temporaryDirectory } from "../testing/test-log.ts";
import type { FindingKind } from "./finding.ts";
import { findSince } from "./since.ts";
import { verifyFiles } from "./verify-files.ts";

const sizes = [100, 300, 700];

async function sound(): Promise<string> {
  const directory = await temporaryDirectory();
  await fillLog(directory, sizes);
  return directory;
}

async function kindsOf(directory: string): Promise<FindingKind[]> {
  const { findings } = await verifyFiles({ directory });
  return [...new Set(findings.map(({ kind }) => kind))].toSorted();
}

async function messagesOf(directory: string): Promise<string> {
  const { findings } = await verifyFiles({ directory });
  return findings.map(({ message }) => message).join("\n");
}

function change(directory: string, file: string, edit: (bytes: Buffer) => Buffer): void {
  const path = join(directory, file);
  writeFileSync(path, edit(readFileSync(path)));
}

const flip = (at: number) => (bytes: Buffer) => {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
};

/** As somebody would who knows the format. */
function sealAgain(bytes: Buffer, leaf: number): Buffer {
  const start = leaf * ENTRY_BYTES;
  bytes.writeUInt32LE(crc32(bytes.subarray(start + 4, start + ENTRY_BYTES)), start);
  return bytes;
}

const without = (leaf: number, count: number) => (bytes: Buffer) =>
  Buffer.concat([
    bytes.subarray(0, leaf * ENTRY_BYTES),
    bytes.subarray((leaf + count) * ENTRY_BYTES),
  ]);

const notesOf = (heads: Buffer) =>
  heads
    .toString()
    .split(/(?<=\n— [^\n]*\n)\n/)
    .filter((note) => note !== "");
const headsOf = (notes: readonly string[]) =>
  Buffer.from(notes.map((each) => `${each}\n`).join(""));
const changeHeads = (directory: string, edit: (notes: string[]) => string[]) =>
  change(directory, "heads", (bytes) => headsOf(edit(notesOf(bytes))));

test("a log that nobody has touched has no finding, in whole and since any of its heads", async () => {
  const directory = await sound();
  const report = await verifyFiles({ directory });
  expect(report).toMatchObject({ size: 700, signedSize: 700, checkedLeaves: 700, findings: [] });
  expect(report.checkedHeads).toBe(3);
  const publicKey = await readPublicKey(directory);
  for (const size of sizes) {
    if (publicKey === null) throw new Error("no key");
    const since = await findSince(directory, String(size), publicKey);
    const part = await verifyFiles({ directory, since, publicKey });
    expect(part.findings).toEqual([]);
    expect(part.checkedLeaves).toBe(700 - Math.floor(size / 256) * 256);
  }
});

describe("entries", () => {
  test("any byte of an entry that is changed is found, and the leaf named", async () => {
    const directory = await sound();
    for (let at = 0; at < ENTRY_BYTES; at += 3) {
      change(directory, "entries", flip(123 * ENTRY_BYTES + at));
      expect(await messagesOf(directory)).toContain("leaf 123");
      expect((await verifyFiles({ directory })).findings).toContainEqual(
        expect.objectContaining({ kind: "entry-changed", leaf: 123, offset: 123 * ENTRY_BYTES }),
      );
      change(directory, "entries", flip(123 * ENTRY_BYTES + at));
    }
    expect(await kindsOf(directory)).toEqual([]);
  });

  test("a leaf hash that is changed together with its checksum is named with its neighbour", async () => {
    const directory = await sound();
    change(directory, "entries", (bytes) => sealAgain(flip(123 * ENTRY_BYTES + 60)(bytes), 123));
    expect(await kindsOf(directory)).toEqual(["entry-changed", "head-root", "leaf-changed"]);
    const messages = await messagesOf(directory);
    expect(messages).toContain("something was changed among leaves 100 to 299");
    expect(messages).toContain(`sequence 247, id ${sampleId(123)}`);
  });

  test("a time that is changed together with its checksum is found by the tree of entries", async () => {
    const directory = await sound();
    change(directory, "entries", (bytes) => sealAgain(flip(123 * ENTRY_BYTES + 13)(bytes), 123));
    expect(await kindsOf(directory)).toEqual(["entry-changed", "head-root"]);
    expect(await messagesOf(directory)).toContain("leaves 0 to 255");
  });

  test.each([1, 2, 5])("%i that are removed are named by their place", async (count) => {
    const directory = await sound();
    change(directory, "entries", without(123, count));
    const kinds = await kindsOf(directory);
    expect(kinds).toContain("entry-removed");
    expect(kinds).toContain("log-truncated");
    expect(await messagesOf(directory)).toMatch(/removed at or next to leaf 12[23] \(/);
  });

  test("one that is added in the middle is named by its place and its order", async () => {
    const directory = await sound();
    change(directory, "entries", (bytes) => {
      const at = 123 * ENTRY_BYTES;
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(0, ENTRY_BYTES),
        bytes.subarray(at),
      ]);
    });
    expect(await kindsOf(directory)).toEqual(
      expect.arrayContaining(["entry-inserted", "entry-order", "head-root"]),
    );
    expect(await messagesOf(directory)).toContain("After sequence 245 stands leaf 123");
  });

  test("two that are swapped are named by their order", async () => {
    const directory = await sound();
    change(directory, "entries", (bytes) => {
      const [a, b] = [123 * ENTRY_BYTES, 200 * ENTRY_BYTES];
      const first = Buffer.from(bytes.subarray(a, a + ENTRY_BYTES));
      bytes.copy(bytes, a, b, b + ENTRY_BYTES);
      first.copy(bytes, b);
      return bytes;
    });
    expect(await kindsOf(directory)).toEqual(expect.arrayContaining(["entry-order", "head-root"]));
    expect(await messagesOf(directory)).toContain("leaf 200");
  });

  test("that are cut off are found by the heads that have signed them", async () => {
    const directory = await sound();
    truncateSync(join(directory, "entries"), 650 * ENTRY_BYTES + 3);
    expect(await kindsOf(directory)).toContain("log-truncated");
    expect(await messagesOf(directory)).toContain("Leaves 650 to 699 were removed");
    rmSync(join(directory, "entries"));
    expect(await kindsOf(directory)).toEqual(["log-truncated"]);
  });

  test("and all levels made anew do not give the signed root", async () => {
    const directory = await sound();
    const forged = await temporaryDirectory();
    await fillLog(forged, [100, 299, 700]);
    for (const file of ["heads", "public-key"]) cpSync(join(directory, file), join(forged, file));
    change(forged, "entries", without(50, 1));
    expect(await kindsOf(forged)).toContain("head-root");
  });
});

describe("levels", () => {
  test("a changed byte in any file of nodes is named by file and place", async () => {
    const directory = await sound();
    for (const file of ["level-01", "level-04", "level-09", "block-00", "block-01"]) {
      change(directory, file, flip(5));
      const { findings } = await verifyFiles({ directory });
      expect(findings).toEqual([
        expect.objectContaining({ kind: "level-changed", file, offset: 0 }),
      ]);
      change(directory, file, flip(5));
    }
  });

  test("that are cut off, longer than the log or gone are named", async () => {
    const directory = await sound();
    change(directory, "level-02", (bytes) => bytes.subarray(0, 170 * 32));
    change(directory, "level-03", (bytes) => Buffer.concat([bytes, Buffer.alloc(32)]));
    rmSync(join(directory, "level-08"));
    const { findings } = await verifyFiles({ directory });
    const files = new Set(findings.map(({ file }) => file));
    expect(files).toEqual(new Set(["level-02", "level-03", "level-08"]));
  });
});

describe("heads", () => {
  test("any byte that is changed is found", async () => {
    const directory = await sound();
    const { length } = readFileSync(join(directory, "heads"));
    for (let at = 0; at < length; at += 7) {
      change(directory, "heads", flip(at));
      expect(await kindsOf(directory), `byte ${at}`).not.toEqual([]);
      change(directory, "heads", flip(at));
    }
    expect(await kindsOf(directory)).toEqual([]);
  });

  test.each([
    ["removed at the beginning", (notes: string[]) => notes.slice(1)],
    ["removed in the middle", (notes: string[]) => notes.toSpliced(1, 1)],
    ["swapped", (notes: string[]) => notes.toSpliced(0, 2, notes[1] ?? "", notes[0] ?? "")],
    ["replayed", (notes: string[]) => [...notes, notes[0] ?? ""]],
  ])("that are %s are found", async (_, edit) => {
    const directory = await sound();
    changeHeads(directory, edit);
    expect(await kindsOf(directory)).toContain("head-order");
  });

  test("whose last is torn are found", async () => {
    const directory = await sound();
    change(directory, "heads", (bytes) => bytes.subarray(0, -9));
    expect(await kindsOf(directory)).toContain("head-broken");
  });

  test("of another key are found, also when the public key is replaced but known elsewhere", async () => {
    const directory = await sound();
    const own = await readPublicKey(directory);
    if (own === null) throw new Error("no key");
    const { privateKey } = generateKeyPairSync("ed25519");
    const other = verifierKeyOf(own.name, rawPublicKey(privateKey));
    let previous: string | null = null;
    changeHeads(directory, (notes) =>
      notes.map((note) => {
        const head = parseHead(parseNote(note)?.text ?? "");
        if (head === null) throw new Error("no head");
        const forged = signNote(headText({ ...head, previous }), other, privateKey);
        previous = noteDigest(forged);
        return forged;
      }),
    );
    expect(await kindsOf(directory)).toEqual(["head-signature"]);
    writeFileSync(join(directory, "public-key"), verifierKeyText(other));
    expect(parseVerifierKey(verifierKeyText(other))).toEqual(other);
    const { findings } = await verifyFiles({ directory, publicKey: own });
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(
      new Set(["key-changed", "head-signature"]),
    );
  });

  test("of one size with two roots, both signed, are a fork", async () => {
    const directory = await sound();
    const fork = await temporaryDirectory();
    await fillLog(fork, []);
    for (const file of ["signing-key.pem", "public-key"])
      cpSync(join(directory, file), join(fork, file));
    rmSync(join(fork, "heads"));
    await fillLog(fork, [700]);
    const [first = ""] = notesOf(readFileSync(join(fork, "heads")));
    const head = parseHead(parseNote(first)?.text ?? "");
    expect(head?.size).toBe(700);
    const { createPrivateKey } = await import("node:crypto");
    const key = createPrivateKey(readFileSync(join(directory, "signing-key.pem")));
    const own = await readPublicKey(directory);
    if (head === null || own === null) throw new Error("no head");
    changeHeads(directory, (notes) => {
      const forged = { ...head, root: Buffer.alloc(32, 1), timeMs: head.timeMs + 1e9 };
      const previous = noteDigest(notes.at(-1) ?? "");
      return [...notes, signNote(headText({ ...forged, previous }), own, key)];
    });
    expect(await kindsOf(directory)).toEqual(expect.arrayContaining(["head-fork", "head-root"]));
  });

  test("that were all cut off together with the log are found with one kept elsewhere", async () => {
    const directory = await sound();
    const kept = join(directory, "..", "kept");
    cpSync(join(directory, "heads"), kept);
    changeHeads(directory, (notes) => notes.slice(0, 2));
    truncateSync(join(directory, "entries"), 300 * ENTRY_BYTES);
    const publicKey = await readPublicKey(directory);
    if (publicKey === null) throw new Error("no key");
    const since = await findSince(directory, kept, publicKey);
    const { findings } = await verifyFiles({ directory, since, publicKey });
    expect(findings.map(({ kind }) => kind)).toContain("log-truncated");
  });
});

test("a source that is changed or removed is found", async () => {
  const directory = await sound();
  change(directory, "sources", (bytes) =>
    Buffer.from(bytes.toString().replace("proxy-1", "proxy-2")),
  );
  expect(await kindsOf(directory)).toContain("source-changed");
  expect(existsSync(join(directory, "sources"))).toBe(true);
});
