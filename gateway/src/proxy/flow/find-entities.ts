import { canonicalLink, hostOf } from "./canonical-link.ts";
import { splitWords } from "./split-words.ts";

/** What a digest stands for; the number is hashed with it. */
export const kinds = {
  word: 1,
  pair: 2,
  triple: 3,
  address: 4,
  link: 5,
  account: 6,
  number: 7,
  date: 8,
  lookalike: 9,
} as const;
export type EntityKind = "address" | "link" | "account" | "number" | "date";

/** Called for every word and for everything in a text that names somebody or something. */
export interface TextReader {
  word(bare: string): void;
  entity(kind: EntityKind, key: string): void;
}

const ADDRESS = /^[^@\s]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u;
const IBAN_START = /^[a-z]{2}\d{2}[a-z0-9]{0,30}$/;
const IBAN_NEXT = /^[a-z0-9]{1,4}$/;
const IBAN = /^[a-z]{2}\d{2}[a-z0-9]{8,30}$/;
const DIGITS = /^\+?\d[\d-]*$/;
const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})(?:t\d*|$)/;
const NUMBER = /^[£$€¥+-]?\d+(?:\.\d+)?[%€£]?$/;
const DAY = /^(\d{1,2})(?:st|nd|rd|th)?$/;
const YEAR = /^(?:19|20|21)\d{2}$/;
const ACCOUNT_DIGITS_MIN = 8;
const ACCOUNT_WORDS_MAX = 9;

const months = new Map(
  "january february march april may june july august september october november december"
    .split(" ")
    .flatMap((name, index) => [
      [name, index + 1],
      [name.slice(0, 3), index + 1],
    ]),
);

/** Reads a folded text once, in linear time. */
export function readText(text: string, reader: TextReader): void {
  const sequences = new Sequences(reader);
  splitWords(text, (bare, raw) => {
    reader.word(bare);
    readWord(bare, raw, reader);
    sequences.next(bare);
  });
  sequences.end();
}

function readWord(bare: string, raw: string, reader: TextReader): void {
  // A mention such as `@alice` is a name; whatever else has an @ is taken for an address.
  if (bare.includes("@")) {
    const [address = bare] = bare.split("?", 1);
    reader.entity(
      bare.includes("://") ? "link" : "address",
      bare.includes("://") ? (canonicalLink(raw) ?? bare) : address,
    );
    return;
  }
  if (bare.includes(".") || bare.includes("://")) {
    const link = canonicalLink(bare);
    if (link !== null) reader.entity("link", link);
  }
  const first = bare.charCodeAt(0);
  const isNumeric = (first >= 0x30 && first <= 0x39) || !(first >= 0x61 && first <= 0x7a);
  if (isNumeric && NUMBER.test(bare)) {
    reader.entity("number", String(Number(bare.replace(/[£$€¥%+]/g, ""))));
  }
}

/** What takes several words: accounts written in groups, dates written out. */
class Sequences {
  readonly #reader: TextReader;
  #account = "";
  #accountWords = 0;
  #isIban = false;
  #day = 0;
  #month = 0;
  #dateWords = 0;
  #earlierDay = 0;

  constructor(reader: TextReader) {
    this.#reader = reader;
  }

  next(bare: string): void {
    this.#nextOfAccount(bare);
    this.#nextOfDate(bare);
  }

  end(): void {
    this.#endAccount();
    this.#endDate("");
  }

  #nextOfAccount(bare: string): void {
    const first = bare.charCodeAt(0);
    const canBe = bare.length <= 40 && (first < 0x3a || this.#accountWords > 0 || bare.length > 3);
    if (!canBe || ISO_DATE.test(bare)) return this.#endAccount();
    if (this.#accountWords > 0 && this.#accountWords < ACCOUNT_WORDS_MAX) {
      const isNext = this.#isIban ? this.#isNextOfIban(bare) : DIGITS.test(bare);
      if (isNext) {
        this.#account += bare;
        this.#accountWords += 1;
        return;
      }
    }
    this.#endAccount();
    this.#isIban = IBAN_START.test(bare);
    if (this.#isIban || DIGITS.test(bare)) {
      this.#account = bare;
      this.#accountWords = 1;
      // Numbers that follow may belong to it or not: a long one counts by itself as well.
      if (!this.#isIban && bare.length >= ACCOUNT_DIGITS_MIN) this.#endAccount();
    }
  }

  /** Groups of four, of which the second may be a bank's letters; the last is shorter. */
  #isNextOfIban(bare: string): boolean {
    if (this.#account.length !== 4 * this.#accountWords || !IBAN_NEXT.test(bare)) return false;
    return /\d/.test(bare) || (this.#accountWords === 1 && bare.length === 4);
  }

  #endAccount(): void {
    if (this.#accountWords === 0) return;
    const compact = this.#account.replace(/[+-]/g, "");
    if (this.#isIban ? IBAN.test(compact) : compact.length >= ACCOUNT_DIGITS_MIN) {
      this.#reader.entity("account", compact);
    }
    this.#account = "";
    this.#accountWords = 0;
  }

  /** `May 15th 2024`, `15th of May`, `13th to the 17th of May 2024`, `2024-05-15`. */
  #nextOfDate(bare: string): void {
    const iso = ISO_DATE.exec(bare);
    if (iso !== null) {
      this.#endDate("");
      this.#reader.entity("date", `${iso[1]}-${iso[2]}-${iso[3]}`);
      return;
    }
    if (bare.length > 9) return this.#endDate("");
    const month = months.get(bare);
    if (month !== undefined) {
      if (this.#month !== 0) this.#endDate("");
      this.#month = month;
      this.#dateWords = 0;
      return;
    }
    if (YEAR.test(bare) && this.#month !== 0) return this.#endDate(bare);
    const day = Number(DAY.exec(bare)?.[1] ?? 0);
    if (day >= 1 && day <= 31) {
      if (this.#month === 0) {
        this.#earlierDay = this.#day;
        this.#day = day;
      } else if (this.#day === 0) this.#day = day;
      else {
        this.#endDate("");
        this.#day = day;
      }
      this.#dateWords = 0;
      return;
    }
    this.#dateWords += 1;
    if (this.#dateWords > 2 || (this.#month !== 0 && this.#day !== 0)) this.#endDate("");
  }

  #endDate(year: string): void {
    const prefix = year === "" ? "" : `${year}-`;
    if (this.#month !== 0) {
      for (const day of [this.#earlierDay, this.#day]) {
        if (day === 0) continue;
        this.#reader.entity("date", `${prefix}${two(this.#month)}-${two(day)}`);
      }
    }
    this.#month = 0;
    this.#day = 0;
    this.#earlierDay = 0;
    this.#dateWords = 0;
  }
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** The domain of an address or host of a link; empty = neither has one that can be told. */
export function domainOf(kind: EntityKind, key: string): string {
  if (kind === "link") return hostOf(key);
  return kind === "address" && ADDRESS.test(key) ? key.slice(key.indexOf("@") + 1) : "";
}
