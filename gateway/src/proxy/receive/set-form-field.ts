/**
 * Replaces the value of a plain field in the held head of a form. Null when the field does not
 * stand there exactly once in a form that can be replaced safely.
 */
export function setFormField(
  head: Buffer,
  boundary: string,
  field: { name: string; from: string; to: string },
): Buffer | null {
  const value = Buffer.from(`\r\n\r\n${field.from}\r\n--${boundary}`);
  const found: number[] = [];
  for (let at = head.indexOf(value); at !== -1; at = head.indexOf(value, at + 1)) {
    const partStart = head.lastIndexOf(`--${boundary}\r\n`, at);
    const header = head.toString("latin1", partStart, at);
    if (partStart !== -1 && namesField(header, field.name)) found.push(at + 4);
  }
  const [start] = found;
  if (found.length !== 1 || start === undefined) return null;
  const end = start + Buffer.byteLength(field.from);
  return Buffer.concat([head.subarray(0, start), Buffer.from(field.to), head.subarray(end)]);
}

function namesField(header: string, name: string): boolean {
  const match = /^content-disposition:\s*form-data;\s*name="?([^";\r]*)"?\s*$/im.exec(header);
  return match?.[1] === name;
}
