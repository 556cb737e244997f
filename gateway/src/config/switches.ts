type Environment = Readonly<Record<string, string | undefined>>;

/** Whether output is to be for programs: `--json` or WEIR_JSON. */
export function wantsJson(flag: boolean | undefined, env: Environment): boolean {
  return flag ?? isOn(env["WEIR_JSON"]);
}

/** Whether errors show their stack and logs their details: WEIR_DEBUG. */
export function wantsDebug(env: Environment): boolean {
  return isOn(env["WEIR_DEBUG"]);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no", "off"].includes(value.toLowerCase());
}
