import { createServer } from "node:http";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { AuditDamagedError, AuditKeyError } from "../errors.ts";
import { ENTRY_BYTES } from "../log/entry.ts";
import {
  fillLog,
  sampleLeaves,
  source,
  temporaryDirectory,
  withTestLog,
} from "../testing/test-log.ts";
import { findHead } from "./find-head.ts";
import { HEADS_FILE, readNotes } from "./heads-file.ts";
import { checkNote, parseNote, parseVerifierKey } from "./note.ts";
import { openSigningKey } from "./signing-key.ts";

const randomBytes = (size: number) => Buffer.alloc(size, 7);

async function notesIn(path: string): Promise<string[]> {
  const notes: string[] = [];
  for await (const { note } of readNotes(path)) notes.push(note);
  return notes;
}

describe("a note", () => {
  const key = parseVerifierKey(
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
  );
  const example =
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

  test("of the specification is verified with its key", () => {
    const note = parseNote(example);
    if (note === null || key === null) throw new Error("not parsed");
    expect(checkNote(note, key)).toBe("valid");
    expect(checkNote({ ...note, text: "Another message.\n" }, key)).toBe("invalid");
    expect(checkNote({ ...note, signatures: [] }, key)).toBe("unknown");
  });

  test.each(["", "text\n", "text\n\n", "text\n\n— name\n", "te\u0001xt\n\n— a AAAAAAAA\n"])(
    "is not %j",
    (text) => expect(parseNote(text)).toBeNull(),
  );

  test("has a key only with the right id", () => {
    expect(
      parseVerifierKey("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
    ).toBeNull();
  });
});

describe("the signing key", () => {
  test("is made once, readable by its owner alone, and then the same", async () => {
    const directory = await temporaryDirectory();
    const one = await openSigningKey({ directory, signingKeyFile: "", randomBytes });
    const two = await openSigningKey({ directory, signingKeyFile: "", randomBytes });
    expect(two.key).toEqual(one.key);
    expect(statSync(join(directory, "signing-key.pem")).mode & 0o777).toBe(0o600);
  });

  test("is refused when it is gone, or another than the log began with", async () => {
    const directory = await temporaryDirectory();
    const elsewhere = await temporaryDirectory();
    await openSigningKey({ directory, signingKeyFile: "", randomBytes });
    await openSigningKey({ directory: elsewhere, signingKeyFile: "", randomBytes });
    const signingKeyFile = join(elsewhere, "signing-key.pem");
    const other = openSigningKey({ directory, signingKeyFile, randomBytes });
    await expect(other).rejects.toThrow(AuditKeyError);
    rmSync(join(directory, "signing-key.pem"));
    const gone = openSigningKey({ directory, signingKeyFile: "", randomBytes });
    await expect(gone).rejects.toThrow(AuditKeyError);
  });
});

describe("heads", () => {
  test("are written when the log has grown, hourly otherwise, and at close", async () => {
    const directory = await temporaryDirectory();
    await withTestLog(directory, async ({ log, publisher, clock }) => {
      await log.append(source, sampleLeaves(0, 5));
      const first = await publisher.publish();
      clock.nowMs += 60_000;
      expect(await publisher.publish()).toEqual(first);
      clock.nowMs += 3_600_000;
      expect((await publisher.publish()).head).toMatchObject({ size: 5, timeMs: clock.nowMs });
      clock.nowMs -= 7_200_000;
      await log.append(source, sampleLeaves(5, 6));
      expect((await publisher.publish()).head.timeMs).toBe(clock.nowMs + 7_200_000);
      await log.append(source, sampleLeaves(6, 8));
    });
    const notes = await notesIn(join(directory, HEADS_FILE));
    expect(notes.map((note) => note.split("\n")[1])).toEqual(["5", "5", "6", "8"]);
  });

  test("are found by size", async () => {
    const directory = await temporaryDirectory();
    const sizes = Array.from({ length: 60 }, (_, index) => index * 3 + 1);
    await fillLog(directory, sizes);
    for (const size of sizes) {
      const found = await findHead(join(directory, HEADS_FILE), size - 1);
      expect(found?.head.size).toBe(size === 1 ? 1 : size);
    }
    expect(await findHead(join(directory, HEADS_FILE), 1_000)).toBeNull();
  });

  test("over a torn one go on from the last whole one", async () => {
    const directory = await temporaryDirectory();
    await fillLog(directory, [5]);
    const path = join(directory, HEADS_FILE);
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, whole + whole.slice(0, 40));
    await fillLog(directory, [9]);
    expect(readFileSync(path, "utf8").startsWith(whole)).toBe(true);
    expect(await notesIn(path)).toHaveLength(2);
  });

  test("are never signed for a log that does not go on from the last one", async () => {
    const directory = await temporaryDirectory();
    await fillLog(directory, [600]);
    const entries = readFileSync(join(directory, "entries"));
    const signed = readFileSync(join(directory, HEADS_FILE));
    entries.fill(9, 599 * ENTRY_BYTES + 48, 599 * ENTRY_BYTES + 60);
    writeFileSync(join(directory, "entries"), entries);
    await expect(fillLog(directory, [700])).rejects.toThrow(AuditDamagedError);
    expect(readFileSync(join(directory, HEADS_FILE))).toEqual(signed);
  });
});

describe("second places", () => {
  test("get every head in order, also those that they have missed", async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, "..", "elsewhere", "heads");
    await fillLog(directory, [3]);
    await withTestLog(
      directory,
      async ({ log, publisher }) => {
        await log.append(source, sampleLeaves(3, 5));
        await publisher.publish();
        await publisher.sendAll();
        expect(readFileSync(file)).toEqual(readFileSync(join(directory, HEADS_FILE)));
        expect(publisher.status().places).toMatchObject([{ sent: 2, failures: 0, lastError: "" }]);
      },
      [file],
    );
  });

  test("over HTTP that fail are counted, stop nothing, and catch up", async () => {
    const directory = await temporaryDirectory();
    const bodies: string[] = [];
    let status = 503;
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        if (status === 200) bodies.push(body);
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    await withTestLog(
      directory,
      async ({ log, publisher }) => {
        await log.append(source, sampleLeaves(0, 2));
        await publisher.publish();
        await publisher.sendAll();
        const [failed] = publisher.status().places;
        expect(failed).toMatchObject({ sent: 0, failures: 1 });
        expect(failed?.lastError).toContain("503");
        expect(failed?.place).toBe(`http://127.0.0.1:${port}/heads`);
        status = 200;
        await log.append(source, sampleLeaves(2, 4));
        await publisher.publish();
        await publisher.sendAll();
      },
      [`http://user:secret@127.0.0.1:${port}/heads?token=secret`.replace("user:secret@", "")],
    );
    expect(bodies).toEqual(await notesIn(join(directory, HEADS_FILE)));
  });
});
