/** Tools that a provider runs and bills by their tokens alone, by its own documentation. */
const withoutCharge = new Set(["web_fetch", "tool_search", "url_context", "executable_code"]);

/**
 * Calls that cost something, by the tool's plain name: `web_search_requests` of one wire and
 * `web_search_call` of another are both `web_search`.
 */
export function chargedTools(
  calls: Readonly<Record<string, number>> | undefined,
): readonly (readonly [tool: string, times: number])[] {
  if (calls === undefined) return [];
  const charged: [string, number][] = [];
  for (const [name, times] of Object.entries(calls)) {
    const tool = name.replace(/_(?:requests?|calls?)$/, "").replace(/_preview$/, "");
    if (times > 0 && !withoutCharge.has(tool)) charged.push([tool, times]);
  }
  return charged;
}
