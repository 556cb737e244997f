/** Writes recorded streams as their bytes. */

/** One event with a `data` line; an object is written as providers write it, without spaces. */
export function sseFrame(data: object | string, event?: string): Buffer {
  const name = event === undefined ? "" : `event: ${event}\n`;
  return Buffer.from(`${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
}

/** The same event with its data spread over lines, at places where JSON may be broken. */
export function multiLineFrame(data: object): Buffer {
  const lines = JSON.stringify(data, null, 1).split("\n");
  return Buffer.from(`${lines.map((line) => `data: ${line}`).join("\n")}\n\n`);
}

/** The same stream with other line ends, which the standard allows too. */
export function withLineEnds(stream: Buffer, lineEnd: "\r\n" | "\r"): Buffer {
  return Buffer.from(stream.toString("utf8").replaceAll("\n", lineEnd));
}

/** The events of a rendered stream, each with one line of data. */
export function parseFrames(stream: string): Record<string, unknown>[] {
  return stream
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => JSON.parse(frame.slice(frame.indexOf("data: ") + 6)));
}
