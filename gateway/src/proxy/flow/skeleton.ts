/** Letters of other scripts that are read as Latin ones; from Unicode's confusables, the common part. */
const pairs =
  "аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwвbкkмmнhтtгr" +
  "αaβbεeιiκkνvοoρpτtυuχxγyηn" +
  "ıiɡgɑaℓlօoոnսuհhցgᴀaᴏoᴄc";
const latin = new Map<string, string>();
const units = Array.from(pairs);
for (let at = 0; at + 1 < units.length; at += 2) latin.set(units[at] ?? "", units[at + 1] ?? "");

const ASCII_TWINS = /rn|vv|[01i|5]/g;
const twins: Record<string, string> = {
  rn: "m",
  vv: "w",
  "0": "o",
  "1": "l",
  i: "l",
  "|": "l",
  "5": "s",
};

/**
 * What a folded name looks like to a reader: two names with the same skeleton are told apart by
 * machines alone. Never a proof that both are the same.
 */
export function skeletonOf(name: string): string {
  // oxlint-disable-next-line no-control-regex
  const isAscii = /^[\x00-\x7f]*$/.test(name);
  const plain = isAscii ? name : latinised(name);
  return plain.replace(ASCII_TWINS, (twin) => twins[twin] ?? twin);
}

function latinised(name: string): string {
  const bare = name
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase();
  return Array.from(bare, (sign) => latin.get(sign) ?? sign).join("");
}
