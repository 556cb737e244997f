/** Longer runs without a break are cut: they name nobody, and every check of a word stays bounded. */
const WORD_MAX = 512;

/** Stand between words; `'` too, so that `Alice's` names Alice. Not `:` and `=`, which URLs hold. */
const breaks = new Set(" \t\n\r\f\v\0,;|<>()[]{}\"'`´“”‘’„‹›«»…\\\u00a0\u2028\u2029\u3000");
const isBreak = Uint8Array.from({ length: 128 }, (_unit, code) =>
  breaks.has(String.fromCharCode(code)) || code < 0x20 || code === 0x7f ? 1 : 0,
);

/** Signs around a word that are not part of it. */
const EDGE = /^[.!?:\-_*#~@&]+|[.!?:\-_*#~&/]+$/g;
const HAS_EDGE = /^[.!?:\-_*#~@&]|[.!?:\-_*#~&/]$/;

/** As both sides are compared: NFC and lower case. No further: what looks alike is not the same. */
export function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * Calls `word` for each word of a folded text, in order and in linear time. `raw` still has its
 * edges, which tell `/etc` from `etc`.
 */
export function splitWords(text: string, word: (bare: string, raw: string) => void): void {
  let start = -1;
  const end = (at: number) => {
    if (start === -1) return;
    eachPiece(text.slice(start, at), word);
    start = -1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isEnd = code < 128 ? isBreak[code] === 1 : breaks.has(text.charAt(at));
    if (isEnd) end(at);
    else if (start === -1) start = at;
    else if (at - start >= WORD_MAX) {
      end(at);
      start = at;
    }
  }
  end(text.length);
}

function eachPiece(raw: string, word: (bare: string, raw: string) => void): void {
  if (!raw.includes("/") && (raw.includes(":") || raw.includes("="))) {
    for (const piece of raw.split(/[:=]/)) eachWord(piece, word);
  } else eachWord(raw, word);
}

function eachWord(raw: string, word: (bare: string, raw: string) => void): void {
  const bare = HAS_EDGE.test(raw) ? raw.replace(EDGE, "") : raw;
  if (bare !== "") word(bare, raw);
}
