import { createPrivateKey, hash, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Tls } from "../../config/tls-schema.ts";

export interface TlsFiles {
  readonly context: SecureContextOptions;
  /** Changes when any of the files does. */
  readonly digest: string;
  /** When the gateway's own certificate ends, unix milliseconds. */
  readonly validToMs: number;
}

/** A file of `gateway.tls` that cannot be used. */
export class TlsFileError extends Error {
  override readonly name = "TlsFileError";
  readonly code = "WEIR_TLS_UNUSABLE";
}

/**
 * Reads the files of `gateway.tls` and sees that they belong together.
 *
 * @throws TlsFileError which says of which file what is wrong, never what stands in it.
 */
export async function readTlsFiles(tls: Tls): Promise<TlsFiles> {
  const cert = await read("certFile", tls.certFile);
  const key = await read("keyFile", tls.keyFile);
  const ca = await readOptional("clientCaFile", tls.clientCaFile);
  const crl = await readOptional("clientCrlFile", tls.clientCrlFile);
  const certificate = parsed("certFile", tls.certFile, () => new X509Certificate(cert));
  const privateKey = parsed("keyFile", tls.keyFile, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new TlsFileError("gateway.tls: keyFile is not the key of the certificate in certFile");
  if (ca !== null) parsed("clientCaFile", tls.clientCaFile ?? "", () => certificatesIn(ca));
  const context = {
    cert,
    key,
    ...(ca !== null && { ca }),
    ...(crl !== null && { crl }),
  };
  // OpenSSL passes over what is no revocation list, and then nothing would be revoked.
  if (crl !== null && !crl.includes("-----BEGIN X509 CRL-----"))
    throw notPem("clientCrlFile", tls.clientCrlFile ?? "");
  parsed("clientCrlFile", tls.clientCrlFile ?? "", () => createSecureContext(context));
  const digest = hash("sha256", [cert, key, ca ?? "", crl ?? ""].join("\0"), "hex");
  return { context, digest, validToMs: certificate.validToDate.getTime() };
}

function readOptional(name: string, path: string | undefined): Promise<string> | null {
  return path === undefined ? null : read(name, path);
}

async function read(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new TlsFileError(`gateway.tls.${name}: ${path} cannot be read (${code})`, { cause });
  }
}

function parsed<T>(name: string, path: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw notPem(name, path);
  }
}

/** Without a cause: a parser's message may quote what it has read. */
function notPem(name: string, path: string): TlsFileError {
  return new TlsFileError(`gateway.tls.${name}: ${path} is not the PEM file that it should be`);
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** @throws Error unless there is at least one, and each can be read. */
function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(certificateBlock) ?? [];
  if (blocks.length === 0) throw new Error("there is none");
  return blocks.map((block) => new X509Certificate(block));
}
