/** Checks of a stream's meter that hold for every wire format, however the bytes arrive. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { StreamTap } from "../../meter/stream-tap.ts";
import type { ResponseFacts, StreamMeter } from "../dialect.ts";

/** A recorded stream, and what of it must not reach the client. */
export interface RecordedStream {
  readonly bytes: Buffer;
  readonly meter: () => StreamMeter;
  /** Whole frames that are left out; none unless said. */
  readonly stripped?: readonly Buffer[];
}

export interface Reading {
  /** What had gone to the client before the end of the packets. */
  readonly passed: Buffer;
  /** What the tap held back and gave out on release. */
  readonly held: Buffer;
  readonly facts: PlainFacts;
}

export type PlainFacts = Omit<ResponseFacts, "output"> & { output: string };

/** Reads packets the way the relay does: push them all, ask for the facts, release. */
export function readPackets(meter: StreamMeter, packets: readonly Buffer[]): Reading {
  const tap = new StreamTap(meter);
  const passed = packets.flatMap((packet) => tap.push(packet) ?? []);
  const { output, ...facts } = structuredClonable(tap.facts());
  return {
    passed: Buffer.concat(passed),
    held: tap.release() ?? Buffer.alloc(0),
    facts: { ...facts, output },
  };
}

function structuredClonable(facts: ResponseFacts): PlainFacts {
  const { output, ...others } = facts;
  return { ...structuredClone(others), output: output.text() };
}

/**
 * Cuts the stream in two at every byte, into single bytes, and off at every byte.
 * @returns the facts of the whole stream.
 * @throws AssertionError
 */
export function checkEveryCut(stream: RecordedStream): PlainFacts {
  const { bytes } = stream;
  const whole = readPackets(stream.meter(), [bytes]);
  assert.equal(text(whole), expectedOut(stream, bytes));
  for (let cut = 1; cut < bytes.length; cut += 1) {
    checkPackets(stream, whole, [bytes.subarray(0, cut), bytes.subarray(cut)]);
    checkPrefix(stream, whole, cut);
  }
  checkPackets(
    stream,
    whole,
    [...bytes].map((byte) => Buffer.from([byte])),
  );
  return whole.facts;
}

/**
 * Cuts the stream into random packets, and off at random places.
 * @returns the facts of the whole stream.
 * @throws Error
 */
export function checkRandomCuts(stream: RecordedStream, numRuns = 100): PlainFacts {
  const { bytes } = stream;
  const whole = readPackets(stream.meter(), [bytes]);
  const place = fc.nat(bytes.length);
  fc.assert(
    fc.property(fc.array(place, { maxLength: 20 }), place, (cuts, end) => {
      checkPackets(stream, whole, packetsOf(bytes, cuts));
      const reading = readPackets(stream.meter(), packetsOf(bytes.subarray(0, end), cuts));
      checkBroken(stream, whole, bytes.subarray(0, end), reading);
    }),
    { numRuns, seed: 3 },
  );
  return whole.facts;
}

function packetsOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b)];
  return places.map((from, index) => bytes.subarray(from, places[index + 1]));
}

function checkPackets(stream: RecordedStream, whole: Reading, packets: readonly Buffer[]): void {
  const reading = readPackets(stream.meter(), packets);
  const where = () => `packets of ${packets.map(({ length }) => length).join(", ")} bytes`;
  assert.equal(text(reading), text(whole), where());
  assert.deepEqual(reading.facts, whole.facts, where());
}

function checkPrefix(stream: RecordedStream, whole: Reading, end: number): void {
  const prefix = stream.bytes.subarray(0, end);
  checkBroken(stream, whole, prefix, readPackets(stream.meter(), [prefix]));
}

/** A stream that broke off: nothing is lost or invented, and no more is counted than in the whole. */
function checkBroken(
  stream: RecordedStream,
  whole: Reading,
  prefix: Buffer,
  reading: Reading,
): void {
  const where = `broken off after ${prefix.length} bytes`;
  assert.equal(text(reading), expectedOut(stream, prefix), where);
  assert.ok(text(whole).startsWith(reading.passed.toString("latin1")), where);
  assert.ok(tokenSum(reading.facts) <= tokenSum(whole.facts), where);
  assert.ok(reading.facts.toolCallCount <= whole.facts.toolCallCount, where);
  assert.ok(whole.facts.output.startsWith(reading.facts.output), where);
}

function text({ passed, held }: Reading): string {
  return Buffer.concat([passed, held]).toString("latin1");
}

function expectedOut({ stripped = [] }: RecordedStream, bytes: Buffer): string {
  return stripped.reduce(
    (out, frame) => out.replace(frame.toString("latin1"), ""),
    bytes.toString("latin1"),
  );
}

function tokenSum({ tokens }: PlainFacts): number {
  return Object.values(tokens ?? {}).reduce((sum, count) => sum + count, 0);
}
