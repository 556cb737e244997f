import type { ConversationPiece } from "../dialects/conversation-piece.ts";
import { type Directory, emptyDirectory } from "./directory.ts";
import { hashKey } from "./keyed-hash.ts";
import { weakestLabel } from "./provenance.ts";
import type { FlowLabel } from "./sensitive.ts";
import { SessionIndex } from "./session-index.ts";
import { type ArgumentProvenance, traceArguments } from "./trace-arguments.ts";

export interface FlowBounds {
  /** Of one session's table of digests, bytes: of what the person said, and of what tools said. */
  readonly maxTableBytes: number;
  /** Of all sessions together, bytes; the one that was used longest ago goes first. */
  readonly maxBytes: number;
  readonly maxSessions: number;
  readonly maxPieceCharacters: number;
}

export const defaultFlowBounds: FlowBounds = {
  maxTableBytes: 3_145_728,
  maxBytes: 134_217_728,
  maxSessions: 10_000,
  maxPieceCharacters: 1_048_576,
};

/** Whose session; the principal is verified, the id is what the client says. */
export interface FlowSession {
  readonly principalId: string;
  readonly sessionId: string;
}

/** What a rule may know of a call's arguments and of the session that it is made in. */
export interface FlowFacts {
  readonly provenance: ArgumentProvenance;
  readonly taint: FlowLabel[];
}

/** How the decider of tool calls asks; the store below is the one that answers. */
export interface InformationFlow {
  factsOf(session: FlowSession, args: unknown): FlowFacts;
}

/** The provenance indexes of all sessions: bounded, in memory, gone with the process. */
export class FlowStore implements InformationFlow {
  readonly #bounds: FlowBounds;
  readonly #randomBytes: (size: number) => Uint8Array;
  readonly #sessions = new Map<string, { index: SessionIndex; bytes: number }>();
  #directory: Directory = emptyDirectory;
  #bytes = 0;

  constructor(randomBytes: (size: number) => Uint8Array, bounds: FlowBounds = defaultFlowBounds) {
    this.#randomBytes = randomBytes;
    this.#bounds = bounds;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  setDirectory(directory: Directory): void {
    this.#directory = directory;
  }

  /** A request's conversation, whole as clients send it; only what is new is read. */
  observeConversation(session: FlowSession, pieces: readonly ConversationPiece[]): void {
    const index = this.#open(session);
    const lookupOf = (args: unknown) => weakestLabel(this.#trace(args, index));
    for (const piece of pieces) index.observe(piece, lookupOf);
    this.#account(session, index);
  }

  /** What a tool answered where Weir itself passed the call on. */
  observeToolResult(
    session: FlowSession,
    result: { tool: string; args: unknown; text: string },
  ): void {
    this.observeConversation(session, [{ source: "tool", ...result }]);
  }

  /** Of a session that nobody has seen everything is unknown. */
  factsOf(session: FlowSession, args: unknown): FlowFacts {
    const index = this.#open(session);
    return { provenance: this.#trace(args, index), taint: index.taint };
  }

  #trace(args: unknown, index: SessionIndex): ArgumentProvenance {
    return traceArguments(args, index, this.#directory);
  }

  #open(session: FlowSession): SessionIndex {
    const key = keyOf(session);
    const open = this.#sessions.get(key);
    if (open !== undefined) {
      // Last in the map = used last.
      this.#sessions.delete(key);
      this.#sessions.set(key, open);
      return open.index;
    }
    const index = new SessionIndex(hashKey(this.#randomBytes(8)), this.#bounds);
    this.#sessions.set(key, { index, bytes: 0 });
    this.#account(session, index);
    return index;
  }

  #account(session: FlowSession, index: SessionIndex): void {
    const entry = this.#sessions.get(keyOf(session));
    if (entry === undefined) return;
    this.#bytes += index.bytes - entry.bytes;
    entry.bytes = index.bytes;
    for (const [key, { bytes }] of this.#sessions) {
      const isOver =
        this.#bytes > this.#bounds.maxBytes || this.#sessions.size > this.#bounds.maxSessions;
      if (!isOver || this.#sessions.size === 1) return;
      this.#sessions.delete(key);
      this.#bytes -= bytes;
    }
  }
}

function keyOf({ principalId, sessionId }: FlowSession): string {
  return `${principalId}\0${sessionId}`;
}
