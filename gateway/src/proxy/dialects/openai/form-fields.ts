/** A flag of a form, as JSON would have it; another spelling is left for the caller to refuse. */
export function formFlag(fields: ReadonlyMap<string, string>, name: string): boolean | string {
  const value = fields.get(name) ?? "";
  // The spellings of OpenAI's own SDKs: JavaScript's, Python's, and none at all.
  if (["true", "True", "1"].includes(value)) return true;
  if (["", "false", "False", "0"].includes(value)) return false;
  return value;
}
