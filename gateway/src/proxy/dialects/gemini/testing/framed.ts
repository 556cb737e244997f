/** As Google sends events: CR LF, data on one line. */
export function asEvents(chunks: readonly object[], lineEnd = "\r\n"): Buffer {
  const events = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}${lineEnd}${lineEnd}`);
  return Buffer.from(events.join(""));
}

/** As Google sends an array: indented, elements parted by a comma on a line of its own. */
export function asArray(chunks: readonly object[]): Buffer {
  return Buffer.from(
    `[${chunks.map((chunk) => JSON.stringify(chunk, null, 2)).join("\n,\r\n")}\n]\n`,
  );
}

/** Events whose data is spread over lines, between comments. */
export function asSpreadEvents(chunks: readonly object[]): Buffer {
  const events = chunks.map((chunk) => {
    const lines = JSON.stringify(chunk, null, 1).split("\n");
    return `: ping\n\n${lines.map((line) => `data: ${line}\n`).join("")}\n`;
  });
  return Buffer.from(events.join(""));
}
