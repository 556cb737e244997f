import { Refusal } from "../../refusal.ts";
import type { ActiveSnapshot } from "../../snapshot/active-snapshot.ts";
import type { ClientCertificate } from "../../tls/client-certificate.ts";
import type { Authenticated } from "../authenticated.ts";
import { callerNamed } from "../caller-named.ts";
import type { ServiceConfig } from "../tokens/caller-of.ts";

/** Another machine's clock. */
const TOLERANCE_MS = 30_000;

/** Tells from a client's certificate who calls: the one service or person that its names name. */
export class CertificateAuthority {
  readonly #services: ReadonlyMap<string, ServiceConfig>;
  readonly #takesCommonName: boolean;

  /** @param services of the issuer `client-certificate`, by their subjects. */
  constructor(services: ReadonlyMap<string, ServiceConfig>, takesCommonName: boolean) {
    this.#services = services;
    this.#takesCommonName = takesCommonName;
  }

  /** @throws Refusal WEIR_CERTIFICATE_INVALID, WEIR_CERTIFICATE_UNKNOWN */
  judge(
    certificate: ClientCertificate,
    snapshot: Pick<ActiveSnapshot, "directory">,
    nowMs: number,
  ): Authenticated {
    const { fault, validFromMs, validToMs, commonName } = certificate;
    if (fault !== null) throw invalid(fault);
    // TLS looked when the connection was made, which may be days ago.
    if (validToMs <= nowMs) throw invalid("it has expired");
    if (validFromMs > nowMs + TOLERANCE_MS) throw invalid("it is not valid yet");
    const isCommonNameTaken = this.#takesCommonName && commonName !== null;
    const names = [...certificate.names, ...(isCommonNameTaken ? [commonName] : [])];
    const found = new Set(
      names.filter((name) => this.#services.has(name) || snapshot.directory.people.has(name)),
    );
    const [name, ...others] = found;
    if (name === undefined) throw new Refusal("WEIR_CERTIFICATE_UNKNOWN");
    if (others.length > 0) throw invalid("it names more than one person or service");
    const service = this.#services.get(name);
    const caller = callerNamed(
      { name, service, teamId: null },
      { keyId: `certificate:${service?.id ?? name}`, assurance: "mtls" },
      snapshot,
    );
    if (caller === null) throw new Refusal("WEIR_CERTIFICATE_UNKNOWN");
    return caller;
  }
}

function invalid(reason: string): Refusal {
  return new Refusal("WEIR_CERTIFICATE_INVALID", {
    message: `Your client certificate does not count here: ${reason}. Send a key or a token, or show another certificate.`,
  });
}
