/** HTTP/1.1 messages as RFC 9112 has them and not one bit more liberally: a second reader would agree. */
export interface StrictMessage {
  readonly startLine: string;
  /** In order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t\x20-\x7e\x80-\xff]*)$/;
const REQUEST_LINE = /^[A-Z]+ \/[\x21-\x7e\x80-\xff]* HTTP\/1\.1$/;
const STATUS_LINE = /^HTTP\/1\.1 [2-9]\d\d(?: [\x20-\x7e]*)?$/;

/** The message that `bytes` begin with and how long it is; null = not whole yet. @throws Error if it is none */
export function readRequest(bytes: Buffer): { message: StrictMessage; length: number } | null {
  return readMessage(bytes, REQUEST_LINE, () => false);
}

export function readResponse(bytes: Buffer): { message: StrictMessage; length: number } | null {
  return readMessage(bytes, STATUS_LINE, (line) => / (?:204|304)\b/.test(line));
}

function readMessage(
  bytes: Buffer,
  startLinePattern: RegExp,
  isBodiless: (startLine: string) => boolean,
): { message: StrictMessage; length: number } | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return null;
  const [startLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  if (!startLinePattern.test(startLine))
    throw new Error(`no start line: ${JSON.stringify(startLine)}`);
  const headers = lines.map(readHeader);
  const start = end + 4;
  if (isBodiless(startLine)) {
    return { message: { startLine, headers, body: Buffer.alloc(0) }, length: start };
  }
  const body = readBody(bytes.subarray(start), headers);
  return body === null
    ? null
    : { message: { startLine, headers, body: body.content }, length: start + body.length };
}

function readHeader(line: string): [name: string, value: string] {
  const [, name, value] = HEADER.exec(line) ?? [];
  if (name === undefined || value === undefined)
    throw new Error(`no header: ${JSON.stringify(line)}`);
  return [name.toLowerCase(), value];
}

function readBody(bytes: Buffer, headers: StrictMessage["headers"]) {
  const lengths = headers.filter(([name]) => name === "content-length");
  const codings = headers.filter(([name]) => name === "transfer-encoding");
  if (lengths.length + codings.length > 1) throw new Error("two framings of one body");
  const [coding] = codings;
  if (coding !== undefined) {
    if (coding[1] !== "chunked") throw new Error(`transfer-encoding ${coding[1]}`);
    return readChunks(bytes);
  }
  const [length] = lengths;
  if (length !== undefined && !/^\d+$/.test(length[1])) throw new Error(`length ${length[1]}`);
  const size = Number(length?.[1] ?? 0);
  return bytes.length < size ? null : { content: bytes.subarray(0, size), length: size };
}

function readChunks(bytes: Buffer): { content: Buffer; length: number } | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return null;
    const line = bytes.toString("latin1", at, lineEnd);
    if (!/^[0-9a-fA-F]+$/.test(line)) throw new Error(`chunk size ${JSON.stringify(line)}`);
    const size = Number.parseInt(line, 16);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return null;
    if (bytes.toString("latin1", start + size, start + size + 2) !== "\r\n") {
      throw new Error("a chunk does not end where it says");
    }
    if (size === 0) return { content: Buffer.concat(chunks), length: start + 2 };
    chunks.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
