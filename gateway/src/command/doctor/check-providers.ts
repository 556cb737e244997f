import { request } from "undici";
import type { Config } from "../../config/schema.ts";
import { needsSimulator } from "../../config/simulator.ts";
import { bad, type DoctorFinding, good, reasonOf } from "./finding.ts";

const ANSWER_WITHIN_MS = 4_000;
const MAX_AT_ONCE = 20;

/** Whether each provider answers HTTP at all. No key is sent: that would prove no more, and could leak. */
export async function checkProviders(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  isOnline: boolean,
): Promise<DoctorFinding[]> {
  const { providers } = config;
  if (providers.length === 0) {
    const text = needsSimulator(config)
      ? "none: the built-in simulator answers"
      : "none, and the simulator is off";
    const remedy =
      "Set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY, or name one in weir.yaml.";
    return [needsSimulator(config) ? good("providers", text) : bad("providers", text, remedy)];
  }
  if (!isOnline)
    return [good("providers", `${providers.length} configured, not tried (--offline)`)];
  const proxy = env["HTTPS_PROXY"] ?? env["https_proxy"] ?? "";
  const found = await Promise.all(
    providers.slice(0, MAX_AT_ONCE).map(({ name, baseUrl }) => checkProvider(name, baseUrl, proxy)),
  );
  return found;
}

async function checkProvider(name: string, baseUrl: string, proxy: string): Promise<DoctorFinding> {
  const check = `provider ${name}`;
  try {
    const { statusCode, body } = await request(baseUrl, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await body.dump();
    return good(check, `${baseUrl} answers (HTTP ${statusCode})`);
  } catch (error) {
    const hint = proxy === "" ? "" : " Weir does not use HTTPS_PROXY.";
    const remedy = `Check the address and this machine's way to it.${hint}`;
    return bad(check, `${baseUrl} cannot be reached: ${reasonOf(error)}`, remedy);
  }
}
