import { TLSSocket } from "node:tls";
import type { Socket } from "node:net";

/** A certificate that the client has shown, and proved to have the key of. */
export interface ClientCertificate {
  /** Why it is not one that counts; null = an accepted authority has signed it. */
  readonly fault: string | null;
  /** SAN URIs, then SAN e-mail addresses, then SAN DNS names, in the order in which they stand. */
  readonly names: readonly string[];
  /** Null where there is none, or more than one. */
  readonly commonName: string | null;
  readonly validFromMs: number;
  readonly validToMs: number;
  /** SHA-256, hex. */
  readonly fingerprint: string;
}

const kinds = ["URI", "email", "DNS"];
/** Node puts names in quotes, as JSON, that could be taken for more than one. */
const nameEntry = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y;
const maxNames = 32;

/** The certificate of this connection's client; null when it has shown none. */
export function clientCertificateOf(socket: Socket): ClientCertificate | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  const names = sanNames(certificate.subjectAltName ?? "");
  return {
    fault: socket.authorized
      ? names === null
        ? "its names cannot be read"
        : null
      : faultOf(socket),
    names: names ?? [],
    commonName: commonNameOf(certificate.subject),
    validFromMs: certificate.validFromDate.getTime(),
    validToMs: certificate.validToDate.getTime(),
    fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

/** For example `CERT_HAS_EXPIRED`. */
function faultOf({ authorizationError }: TLSSocket): string {
  return String(authorizationError ?? "it is not accepted");
}

/** Names of the kinds that count, or null when the text is not what Node makes of a certificate. */
export function sanNames(text: string): string[] | null {
  const found: { kind: string; name: string }[] = [];
  nameEntry.lastIndex = 0;
  while (nameEntry.lastIndex < text.length) {
    const entry = nameEntry.exec(text);
    if (entry === null || found.length >= maxNames) return null;
    const [, kind = "", written = ""] = entry;
    const name = written.startsWith('"') ? unquoted(written) : written;
    if (name === null) return null;
    found.push({ kind, name });
  }
  return kinds.flatMap((kind) =>
    found.filter((each) => each.kind === kind).map(({ name }) => name),
  );
}

function unquoted(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** Node gives one attribute a line; a value with a line break in it is escaped. */
function commonNameOf(subject: string): string | null {
  const names = subject.split("\n").filter((line) => line.startsWith("CN="));
  return names.length === 1 ? (names[0]?.slice(3) ?? null) : null;
}
