import { hash as digestOf } from "node:crypto";
import type { ConversationPiece } from "../dialects/conversation-piece.ts";
import { DigestTable } from "./digest-table.ts";
import { type EntityKind, kinds, readText } from "./find-entities.ts";
import { type HashKey, KeyedHash } from "./keyed-hash.ts";
import { leavesOf } from "./leaves-of.ts";
import { weakestOf } from "./provenance.ts";
import {
  type FlowLabel,
  holdsPrivateKey,
  isPrivateAccount,
  isSecretWord,
  labels,
} from "./sensitive.ts";
import { skeletonOf } from "./skeleton.ts";
import { type OpenResult, type Source, SourceList, SYSTEM, USER } from "./sources.ts";
import { folded } from "./split-words.ts";

export interface SessionBounds {
  /** Of digests, for each of what people and what tools said. */
  readonly maxTableBytes: number;
  /** Of one piece; what is longer is cut, so unknown. */
  readonly maxPieceCharacters: number;
}

/** As many words in a row that a tool said before are a quotation, not the person's own words. */
const QUOTED_TRIPLES = 6;

/** What a session's texts were made of, as keyed digests: no text is kept. */
export class SessionIndex {
  readonly #bounds: SessionBounds;
  readonly #hash: KeyedHash;
  readonly #salt: string;
  readonly #sources = new SourceList();
  /** First said by the person. */
  readonly #own: DigestTable;
  /** First said by anything else. */
  readonly #foreign: DigestTable;
  /** Said by the person after a tool had said it, in words of their own. */
  readonly #confirmed: DigestTable;
  /** Skeletons of names that the person gave. */
  readonly #skeletons: DigestTable;
  readonly #pieces: DigestTable;
  readonly #labels = new Set<FlowLabel>();

  constructor(key: HashKey, bounds: SessionBounds) {
    this.#bounds = bounds;
    this.#hash = new KeyedHash(key);
    this.#salt = `${key.k0}:${key.k1}:`;
    this.#own = new DigestTable(bounds.maxTableBytes);
    this.#foreign = new DigestTable(bounds.maxTableBytes);
    this.#confirmed = new DigestTable(bounds.maxTableBytes / 8);
    this.#skeletons = new DigestTable(bounds.maxTableBytes / 8);
    this.#pieces = new DigestTable(bounds.maxTableBytes / 4);
  }

  get bytes(): number {
    const tables = [this.#own, this.#foreign, this.#confirmed, this.#skeletons, this.#pieces];
    return tables.reduce((sum, { bytes }) => sum + bytes, this.#sources.bytes);
  }

  /** In a fixed order, so that the policy's input is canonical. */
  get taint(): FlowLabel[] {
    return labels.filter((label) => this.#labels.has(label));
  }

  /**
   * Reads what is new. A text that came before keeps the source that it came with first, whatever
   * a later history calls it.
   * @param lookupOf - weakest provenance of the arguments of a call whose result is read
   */
  observe(piece: ConversationPiece, lookupOf: (args: unknown) => string): void {
    if (piece.source === "assistant" || piece.text === "" || this.#isKnown(piece.text)) return;
    const text = piece.text.slice(0, this.#bounds.maxPieceCharacters);
    if (piece.source === "tool") {
      this.#labels.add("untrusted");
      const lookup = piece.args === undefined ? "unknown" : lookupOf(piece.args);
      this.#indexResult(text, this.#sources.openResult(piece.tool, lookup));
    } else if (piece.source === "system") this.#index(text, this.#foreign, SYSTEM, null);
    else this.#indexUser(text);
  }

  /** Source of a word or of several in a row; undefined = never seen. */
  sourceOfWords(words: readonly string[]): Source | undefined {
    const found: (Source | undefined)[] = [];
    this.#eachRun(words, (high, low) => found.push(this.#sourceAt(high, low)));
    return found.includes(undefined)
      ? undefined
      : weakestOf(found.filter((one) => one !== undefined));
  }

  sourceOf(kind: EntityKind, key: string): Source | undefined {
    this.#hash.text(kinds[kind], key);
    return this.#sourceAt(this.#hash.high, this.#hash.low);
  }

  isConfirmed(words: readonly string[]): boolean {
    let isConfirmed = words.length > 0;
    this.#eachRun(words, (high, low) => {
      isConfirmed &&= this.#own.get(high, low) !== 0 || this.#confirmed.get(high, low) !== 0;
    });
    return isConfirmed;
  }

  isConfirmedEntity(kind: EntityKind, key: string): boolean {
    this.#hash.text(kinds[kind], key);
    return this.#confirmed.get(this.#hash.high, this.#hash.low) !== 0;
  }

  isLookalike(skeleton: string): boolean {
    this.#hash.text(kinds.lookalike, skeleton);
    return this.#skeletons.get(this.#hash.high, this.#hash.low) !== 0;
  }

  #sourceAt(high: number, low: number): Source | undefined {
    const own = this.#own.get(high, low);
    return this.#sources.at(own === 0 ? this.#foreign.get(high, low) : own);
  }

  #isKnown(text: string): boolean {
    const digest = digestOf("sha256", this.#salt + text, "buffer");
    const high = digest.readInt32LE(0);
    const low = digest.readInt32LE(4);
    if (this.#pieces.get(high, low) !== 0) return true;
    this.#pieces.add(high, low, 1);
    return false;
  }

  #indexResult(text: string, result: OpenResult): void {
    const addresses = new Set<string>();
    for (const leaf of leavesOf(text)) {
      const source = result.source(leaf.field);
      if (source !== 0) this.#index(leaf.text, this.#foreign, source, addresses);
    }
    result.facts.addresses = addresses.size;
  }

  #index(text: string, table: DigestTable, source: number, addresses: Set<string> | null): void {
    const plain = folded(text);
    if (holdsPrivateKey(plain)) this.#labels.add("secrets");
    const runs = new WordRuns(this.#hash, (high, low) => {
      if (this.#own.get(high, low) === 0) table.add(high, low, source);
    });
    readText(plain, {
      word: (bare) => {
        runs.next(bare);
        if (isSecretWord(bare)) this.#labels.add("secrets");
      },
      entity: (kind, key) => {
        if (kind === "account" && isPrivateAccount(key)) this.#labels.add("private");
        if (kind === "address" && addresses !== null && addresses.size < 2) addresses.add(key);
        this.#hash.text(kinds[kind], key);
        const { high, low } = this.#hash;
        if (this.#own.get(high, low) === 0) table.add(high, low, source);
      },
    });
  }

  /** What a tool said first stays the tool's; that the person names it too is kept beside it. */
  #indexUser(text: string): void {
    const pending: number[] = [];
    let triplesInRow = 0;
    let isQuotation = false;
    const endRun = () => {
      if (!isQuotation) this.#confirm(pending);
      pending.length = 0;
      triplesInRow = 0;
      isQuotation = false;
    };
    const claim = (high: number, low: number): boolean => {
      const isForeign = this.#foreign.get(high, low) !== 0;
      if (isForeign) pending.push(high, low);
      else this.#own.add(high, low, USER);
      return isForeign;
    };
    const runs = new WordRuns(this.#hash, (high, low, length) => {
      const isForeign = claim(high, low);
      if (length < 3) return;
      triplesInRow = isForeign ? triplesInRow + 1 : 0;
      isQuotation ||= triplesInRow >= QUOTED_TRIPLES;
      if (!isForeign) endRun();
    });
    readText(folded(text), {
      word: (bare) => runs.next(bare),
      entity: (kind, key) => {
        this.#hash.text(kinds[kind], key);
        const isForeign = claim(this.#hash.high, this.#hash.low);
        if (isForeign || (kind !== "address" && kind !== "link")) return;
        this.#hash.text(kinds.lookalike, skeletonOf(key));
        this.#skeletons.add(this.#hash.high, this.#hash.low, USER);
      },
    });
    endRun();
  }

  #confirm(digests: readonly number[]): void {
    for (let at = 0; at + 1 < digests.length; at += 2) {
      this.#confirmed.add(digests[at] ?? 0, digests[at + 1] ?? 0, USER);
    }
  }

  /** The digests that stand for a run of words: itself up to three words, else all its triples. */
  #eachRun(words: readonly string[], digest: (high: number, low: number) => void): void {
    const wanted = Math.min(words.length, 3);
    const runs = new WordRuns(this.#hash, (high, low, length) => {
      if (length === wanted) digest(high, low);
    });
    for (const word of words) runs.next(word);
  }
}

/** Digests of every word, pair and triple of a text, as its words come. */
class WordRuns {
  readonly #hash: KeyedHash;
  readonly #digest: (high: number, low: number, length: number) => void;
  readonly #last = new Int32Array(6);
  #count = 0;

  constructor(hash: KeyedHash, digest: (high: number, low: number, length: number) => void) {
    this.#hash = hash;
    this.#digest = digest;
  }

  next(word: string): void {
    const last = this.#last;
    const keyed = this.#hash;
    keyed.text(kinds.word, word);
    last.copyWithin(0, 2);
    last[4] = keyed.high;
    last[5] = keyed.low;
    this.#count += 1;
    this.#digest(keyed.high, keyed.low, 1);
    if (this.#count > 1) {
      keyed.sequence(kinds.pair, last, 2, 2);
      this.#digest(keyed.high, keyed.low, 2);
    }
    if (this.#count > 2) {
      keyed.sequence(kinds.triple, last, 0, 3);
      this.#digest(keyed.high, keyed.low, 3);
    }
  }
}
