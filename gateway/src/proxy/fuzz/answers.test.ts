import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { TokenCounts } from "../../contracts/usage.ts";
import { nameOf } from "./testing/examples.ts";
import { type Recorded, recordAnswers } from "./testing/recorded-answers.ts";
import {
  type Answering,
  type Heard,
  type Script,
  startAnswering,
} from "./testing/start-answering.ts";

const RUNS = 30;
let recorded: readonly Recorded[] = [];
beforeAll(async () => {
  recorded = await recordAnswers();
});

test("the simulator answers the examples", () => {
  expect(recorded.length).toBeGreaterThan(20);
});

const script = (of: Recorded, told: Partial<Script> = {}): Script => ({
  contentType: of.contentType,
  bytes: of.body,
  cuts: [],
  dies: false,
  ...told,
});

const isStreamed = ({ example, contentType }: Recorded) =>
  contentType.startsWith("text/event-stream") || (example.stream && contentType !== "audio/mpeg");

/** What the provider sent, as far as it came through, and at most one frame of ours behind it. */
function expectPrefix(sent: Buffer, { body, row }: Heard): void {
  const error = body.lastIndexOf(`[${row.errorCode}`);
  const own = row.errorCode !== "" && error !== -1;
  let same = 0;
  while (same < body.length && body[same] === sent[same]) same += 1;
  if (!own) expect(same).toBe(body.length);
  else {
    expect(body.length - same).toBeLessThan(1_500);
    expect(same).toBeLessThanOrEqual(error);
  }
}

function expectNoMore(tokens: TokenCounts | null, than: TokenCounts | null): void {
  for (const [name, count] of Object.entries(tokens ?? {})) {
    const most: unknown = Object.entries(than ?? {}).find(([each]) => each === name)?.[1];
    expect(count, name).toBeLessThanOrEqual(Number(most ?? 0));
  }
}

async function eachAnswer(check: (answering: Answering, of: Recorded) => Promise<void>) {
  const answering = await startAnswering({ metering: { estimate: false } });
  for (const each of recorded) {
    try {
      await check(answering, each);
    } catch (error) {
      throw new Error(nameOf(each.example), { cause: error });
    }
  }
  expect(answering.proxy.failures).toEqual([]);
}

test("whole answers arrive byte for byte, in whatever packets they come", async () => {
  await eachAnswer(async (answering, of) => {
    const bySize = (size: number) =>
      Array.from({ length: Math.floor(of.body.length / size) }, (_, at) => (at + 1) * size);
    for (const cuts of [[], bySize(7), bySize(64)]) {
      const { status, body, whole, row } = await answering.play(of.example, script(of, { cuts }));
      expect([status, whole, row.outcome]).toEqual([200, true, "completed"]);
      expect(body.equals(of.body)).toBe(true);
    }
  });
}, 30_000);

test("for any cut, any packets and any moment at which either side leaves, bytes out are bytes in, and usage is no more than the whole answer tells", async () => {
  const ends = new Map<string, number>();
  await eachAnswer(async (answering, of) => {
    const reference = await answering.play(of.example, script(of));
    const size = of.body.length;
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: size }),
        fc.array(fc.nat({ max: size }), { maxLength: 4 }),
        fc.boolean(),
        fc.option(fc.nat({ max: size })),
        async (cutAt, cuts, dies, leavesAfter) => {
          const sent = of.body.subarray(0, cutAt);
          const heard = await answering.play(
            of.example,
            script(of, { bytes: sent, cuts, dies }),
            leavesAfter,
          );
          const { row, body, whole } = heard;
          ends.set(row.outcome, (ends.get(row.outcome) ?? 0) + 1);
          expectNoMore(row.usage.tokens, reference.row.usage.tokens);
          if (row.usage.tokens === null) expect(row.usage.source).toBe("missing");
          if (row.outcome === "completed") {
            if (leavesAfter === null) expect([whole, body.equals(sent)]).toEqual([true, true]);
            else expect(sent.subarray(0, body.length).equals(body)).toBe(true);
          } else if (isStreamed(of)) expectPrefix(sent, heard);
          expect(["completed", "client_abort", "upstream_died", "upstream_error"]).toContain(
            row.outcome,
          );
          if (dies && row.outcome === "completed") expect(isStreamed(of) || cutAt === 0).toBe(true);
        },
      ),
      { numRuns: RUNS, seed: 4 },
    );
  });
  for (const outcome of ["completed", "client_abort", "upstream_died"]) {
    expect(ends.get(outcome), outcome).toBeGreaterThan(100);
  }
}, 60_000);

/** Values of JSON that a counter must not trip over. */
const awkward = fc.constantFrom(
  "-1",
  "1e308",
  "9007199254740993",
  "0.5",
  '"7"',
  "null",
  "[]",
  "{}",
  "true",
  '"\\ud800"',
  "-0",
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
);
type Damage = (body: Buffer) => Buffer;
const position = fc.double({ min: 0, max: 1, noNaN: true });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  // One value of the JSON in it is another one.
  fc.tuple(position, awkward).map(([where, value]): Damage => (body) => {
    const text = body.toString("latin1");
    const values = [...text.matchAll(/:\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|null|true|false)/g)];
    const found = values[Math.floor(where * Math.max(0, values.length - 1))];
    if (found?.[1] === undefined) return body;
    const at = found.index + found[0].length - found[1].length;
    return Buffer.from(text.slice(0, at) + value + text.slice(at + found[1].length), "latin1");
  }),
  // Some bytes in it are others.
  fc
    .tuple(position, fc.uint8Array({ maxLength: 20 }), fc.nat({ max: 20 }))
    .map(([where, bytes, drop]): Damage => (body) => {
      const at = Math.floor(where * body.length);
      return Buffer.concat([body.subarray(0, at), bytes, body.subarray(at + drop)]);
    }),
  // It says all of it again.
  fc.constant((body: Buffer) => Buffer.concat([body, body])),
  fc.uint8Array({ maxLength: 300 }).map(
    (bytes): Damage =>
      () =>
        Buffer.from(bytes),
  ),
  fc.json().map(
    (text): Damage =>
      () =>
        Buffer.from(text),
  ),
);

test("whatever a provider answers, its bytes pass, the call has one row, and no count is larger than any that was sent", async () => {
  await eachAnswer(async (answering, of) => {
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async (change, dies) => {
        const sent = change(of.body);
        const heard = await answering.play(of.example, script(of, { bytes: sent, dies }));
        const { row, body, whole } = heard;
        if (row.outcome === "completed") expect([whole, body.equals(sent)]).toEqual([true, true]);
        else if (isStreamed(of)) expectPrefix(sent, heard);
        const numbers = [...sent.toString("latin1").matchAll(/\d+/g)].map(([digits]) =>
          Number(digits),
        );
        const most = numbers.reduce((a, b) => Math.max(a, b), 0);
        for (const count of Object.values(row.usage.tokens ?? {})) {
          expect(count).toBeLessThanOrEqual(most);
        }
      }),
      { numRuns: RUNS, seed: 5 },
    );
  });
}, 60_000);

test("attack: an answer whose counts are nested too deeply to be written down passes all the same", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  await eachAnswer(async (answering, of) => {
    const text = of.body.toString("latin1");
    const counts = [...text.matchAll(/(?<=[a-zA-Z]":\s?)\d+(?=[,}])/g)].slice(-6);
    for (const { index, 0: digits } of counts) {
      const bytes = Buffer.from(
        text.slice(0, index) + deep + text.slice(index + digits.length),
        "latin1",
      );
      const { row, body } = await answering.play(of.example, script(of, { bytes }));
      if (!isStreamed(of)) expect([row.outcome, body.equals(bytes)]).toEqual(["completed", true]);
      else expect(body.subarray(0, index).equals(bytes.subarray(0, index))).toBe(true);
    }
  });
}, 30_000);

test("a content type that is not the answer's own breaks nothing", async () => {
  await eachAnswer(async (answering, of) => {
    for (const contentType of [
      "text/event-stream",
      "application/json",
      "TEXT/EVENT-STREAM;charset=latin1",
      "text/html",
      "multipart/byteranges; boundary=x",
      "application/grpc",
    ]) {
      const heard = await answering.play(of.example, script(of, { contentType }));
      if (heard.row.outcome === "completed") expect(heard.body.equals(of.body)).toBe(true);
      else expectPrefix(of.body, heard);
      expect(heard.row.upstreamStatus).toBe(200);
    }
  });
}, 30_000);
