/** Multipart bodies for tests, written by hand so that they can be wrong in every way. */
export const boundary = "b0undary";
export const formType = `multipart/form-data; boundary=${boundary}`;

/** A part with this head, verbatim, and this content. */
export function part(head: string, content: string | Buffer = ""): Buffer {
  return Buffer.concat([
    Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
}

export function field(name: string, value: string): Buffer {
  return part(`Content-Disposition: form-data; name="${name}"`, value);
}

export function file(content: string | Buffer, name = "file"): Buffer {
  return part(
    `Content-Disposition: form-data; name="${name}"; filename="a.mp3"\r\nContent-Type: audio/mpeg`,
    content,
  );
}

export function form(...parts: Buffer[]): Buffer {
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}
