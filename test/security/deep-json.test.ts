/** Must show 4: JSON that is deep, wide or endless is refused before it costs anything. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AttackedWeir, outcomes, post, startAttacked } from "./support/attacked-weir.ts";

const MEGABYTE = 1_048_576;
let attacked: AttackedWeir;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.remove());

const nested = (open: string, close: string, levels: number) =>
  `{"model":"sim-echo","messages":[],"x":${open.repeat(levels)}1${close.repeat(levels)}}`;
const wide = (value: string, megabytes: number) =>
  `{"model":"sim-echo","messages":[],"x":[${value.repeat((megabytes * MEGABYTE) / value.length)}0]}`;

const bodies: readonly (readonly [name: string, body: () => string])[] = [
  ["100,000 lists in one another", () => nested("[", "]", 100_000)],
  ["100,000 objects in one another", () => nested('{"a":', "}", 100_000)],
  ["15 million lists in one another", () => nested("[", "]", 15 * MEGABYTE)],
  ["30 million lists that never end", () => "[".repeat(30 * MEGABYTE)],
  ["10 million empty objects", () => wide("{},", 30)],
  ["15 million numbers", () => wide("0,", 30)],
  [
    "2 million members",
    () =>
      `{"model":"sim-echo",${Array.from({ length: 2_000_000 }, (_, at) => `"m${at}":0`).join()}}`,
  ],
];
const paths = [
  "/v1/chat/completions",
  "/v1/responses",
  "/v1/messages",
  "/v1beta/models/sim-echo:generateContent",
];

test("each gets 400 soon, others are served meanwhile, and memory stays bounded", async () => {
  await attacked.expectServing();
  const files = attacked.openFiles();
  const before = attacked.rssBytes();
  let refused = 0;
  let served = 1;
  for (const [name, make] of bodies) {
    const body = make();
    for (const path of paths) {
      const begun = performance.now();
      const attack = post(attacked, path, body);
      await attacked.expectServing();
      served += 1;
      const answer = await attack;
      expect([answer.status, await answer.text()], name).toEqual([
        400,
        expect.stringContaining("WEIR_BODY_TOO_COMPLEX"),
      ]);
      expect(performance.now() - begun, name).toBeLessThan(5_000);
      refused += 1;
    }
  }
  // The bodies themselves have up to 30 MB, and are let go of one after the other.
  expect(attacked.rssBytes() - before).toBeLessThan(400 * MEGABYTE);
  await attacked.openFilesAtMost(files + 2);
  expect(attacked.upstream.requests).toHaveLength(served);
  const { calls } = await attacked.stop();
  expect(outcomes(calls)).toEqual({ completed: served, invalid_request: refused });
}, 120_000);
