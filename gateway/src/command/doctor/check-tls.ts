import type { Config } from "../../config/schema.ts";
import { readTlsFiles, TlsFileError } from "../../proxy/tls/read-tls-files.ts";
import { bad, type DoctorFinding, good } from "./finding.ts";

const check = "TLS";
const DAY_MS = 86_400_000;
/** Whoever renews certificates by a program does so a month ahead. */
const SOON_DAYS = 14;

/** Whether the files of `gateway.tls` can be used, and for how long; nothing where there are none. */
export async function checkTls({ gateway }: Config, nowMs: number): Promise<DoctorFinding[]> {
  if (gateway.tls === undefined) return [];
  try {
    const { validToMs } = await readTlsFiles(gateway.tls);
    const days = Math.floor((validToMs - nowMs) / DAY_MS);
    if (validToMs <= nowMs) return [bad(check, "the certificate has expired", "Renew it.")];
    if (days < SOON_DAYS)
      return [
        bad(check, `the certificate ends in ${days} days`, "Renew it: no restart is needed."),
      ];
    return [good(check, `the certificate is good for ${days} days`)];
  } catch (error) {
    if (!(error instanceof TlsFileError)) throw error;
    return [bad(check, error.message, "See docs/credentials.md, client certificates.")];
  }
}
