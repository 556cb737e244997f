/** A certificate authority for tests: real certificates, keys and revocation lists, as PEM. */
// oxlint-disable-next-line import/no-unassigned-import -- a polyfill that the library asks for
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const hourMs = 3_600_000;

export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly serialNumber: string;
}

export interface TestAuthority {
  /** PEM of its own certificate. */
  readonly cert: string;
  issue(options: {
    readonly subject?: string;
    readonly names?: readonly x509.JsonGeneralName[];
    readonly isServer?: boolean;
    readonly notBefore?: Date;
    readonly notAfter?: Date;
  }): Promise<Issued>;
  /** A list that revokes these. */
  revoke(serialNumbers: readonly string[]): Promise<string>;
}

async function newKeys() {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { keys, pem: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
}

export async function createAuthority(name = "CN=Test CA"): Promise<TestAuthority> {
  const { keys } = await newKeys();
  const now = Date.now();
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString("hex"),
    name,
    notBefore: new Date(now - hourMs),
    notAfter: new Date(now + 24 * hourMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    cert: root.toString("pem"),
    issue: async ({ subject = "CN=client", names = [], isServer = false, notBefore, notAfter }) => {
      const own = await newKeys();
      const serialNumber = `0${randomBytes(8).toString("hex").slice(1)}`;
      const usage = isServer ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth;
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber,
        subject,
        issuer: root.subject,
        notBefore: notBefore ?? new Date(now - hourMs),
        notAfter: notAfter ?? new Date(now + hourMs),
        signingAlgorithm: algorithm,
        publicKey: own.keys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false),
          new x509.ExtendedKeyUsageExtension([usage]),
          ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension([...names])]),
        ],
      });
      return { cert: certificate.toString("pem"), key: own.pem, serialNumber };
    },
    revoke: async (serialNumbers) => {
      const list = await x509.X509CrlGenerator.create({
        issuer: root.subject,
        thisUpdate: new Date(now - hourMs),
        nextUpdate: new Date(now + hourMs),
        signingAlgorithm: algorithm,
        signingKey: keys.privateKey,
        entries: serialNumbers.map((serialNumber) => ({
          serialNumber,
          revocationDate: new Date(now - hourMs),
        })),
      });
      return x509.PemConverter.encode(list.rawData, "X509 CRL");
    },
  };
}
