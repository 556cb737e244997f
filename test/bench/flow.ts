/** What provenance costs: `pnpm exec node test/bench/flow.ts`. */
import { randomBytes } from "node:crypto";
import { FlowStore } from "../../gateway/src/proxy/flow/flow-store.ts";
import type { ConversationPiece } from "../../gateway/src/proxy/dialects/conversation-piece.ts";

const CONVERSATION_BYTES = 200_000;
const MESSAGE_BYTES = 2_000;
const TURN_MESSAGES = 2;
const ROUNDS = 60;

let state = 42;
function next(below: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
  return state % below;
}

/** Text as people and tools write it: five letters a word, an address or a link now and then. */
function text(bytes: number): string {
  const words: string[] = [];
  for (let length = 0; length < bytes;) {
    const kind = next(60);
    const stem = next(20_000).toString(36);
    const word =
      kind === 0
        ? `${stem}@x${stem}.org`
        : kind === 1
          ? `https://${stem}.com/${stem}`
          : `${stem}ab`;
    words.push(word);
    length += word.length + 1;
  }
  return words.join(" ");
}

function message(at: number): ConversationPiece {
  if (at % 2 === 0) return { source: "user", text: text(MESSAGE_BYTES) };
  return { source: "tool", tool: "read", args: { id: `doc-${at}` }, text: text(MESSAGE_BYTES) };
}

function percentile(of: number[], share: number): string {
  const sorted = of.toSorted((one, other) => one - other);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(3);
}

const session = { principalId: "bench", sessionId: "bench" };
const first: number[] = [];
const turns: number[] = [];
const facts: number[] = [];
let bytes = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const flow = new FlowStore((size) => randomBytes(size));
  const pieces = Array.from({ length: CONVERSATION_BYTES / MESSAGE_BYTES }, (_piece, at) =>
    message(at),
  );
  first.push(timed(() => flow.observeConversation(session, pieces)));
  for (let turn = 0; turn < 5; turn += 1) {
    for (let added = 0; added < TURN_MESSAGES; added += 1) pieces.push(message(pieces.length));
    // As a client sends it: parsed anew, so no string is the same object as before.
    const sent: ConversationPiece[] = JSON.parse(JSON.stringify(pieces));
    turns.push(timed(() => flow.observeConversation(session, sent)));
    const args = { to: ["a@b.org", "c@d.org"], subject: "hello there", body: text(1_000) };
    facts.push(timed(() => flow.factsOf(session, args)));
  }
  bytes = flow.bytes;
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const row = (name: string, of: number[]) =>
  say(`${name.padEnd(52)} ${percentile(of, 0.5)}  ${percentile(of, 0.99)}`);
say("milliseconds".padEnd(53) + "p50    p99");
row("a conversation of 200 KB, seen for the first time", first.slice(10));
row("a turn on it: all sent again, 4 KB of it new", turns.slice(50));
row("facts of a call with 1 KB of arguments", facts.slice(50));
say(`memory of the session: ${(bytes / 1024).toFixed(0)} KiB`);
