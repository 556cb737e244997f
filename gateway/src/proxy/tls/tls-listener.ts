import { randomBytes } from "node:crypto";
import type { Server } from "node:https";
import type { Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import type { Tls } from "../../config/tls-schema.ts";
import { type ClientCertificate, clientCertificateOf } from "./client-certificate.ts";
import { readTlsFiles, type TlsFiles } from "./read-tls-files.ts";

/** How often it is looked whether the files have changed: certificates are renewed days ahead. */
const LOOK_EVERY_MS = 10_000;

export interface TlsLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** TLS of the gateway's listener: its files as they are now, and who is on each connection. */
export class TlsListener {
  readonly #config: Tls;
  readonly #log: TlsLog;
  #files: TlsFiles;
  /** Connections that were made under files which are no longer in force are not in it. */
  #shown = new WeakMap<Socket, ClientCertificate | null>();
  #opened = new WeakSet<Socket>();
  #timer: NodeJS.Timeout | null = null;

  constructor(config: Tls, files: TlsFiles, log: TlsLog) {
    this.#config = config;
    this.#files = files;
    this.#log = log;
  }

  get options(): TlsOptions {
    const asksForCertificates = this.#config.clientCaFile !== undefined;
    return {
      ...this.#files.context,
      minVersion: "TLSv1.2",
      requestCert: asksForCertificates,
      // Whoever shows none may have a key, and whoever shows a bad one is told so in HTTP.
      rejectUnauthorized: false,
    };
  }

  /** Serves this server's connections, and gives it the files anew whenever they change. */
  follow(server: Server): void {
    server.on("secureConnection", (socket: Socket) => this.#opened.add(socket));
    this.#timer = setInterval(() => void this.reload(server), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /**
   * Takes the files as they are now, if they are others. Files that are no good change nothing:
   * the last good ones stay in force. Connections from before count as without a certificate.
   */
  async reload(server: Server): Promise<void> {
    let files: TlsFiles;
    try {
      files = await readTlsFiles(this.#config);
    } catch (err) {
      this.#log.error({ err }, "the TLS files cannot be used: those from before stay in force");
      return;
    }
    if (files.digest === this.#files.digest) return;
    this.#files = files;
    server.setSecureContext(files.context);
    // A ticket from before would bring back a certificate that may have been revoked since.
    server.setTicketKeys(randomBytes(48));
    this.#shown = new WeakMap();
    this.#opened = new WeakSet();
    server.closeIdleConnections();
    this.#log.info({ validTo: new Date(files.validToMs).toISOString() }, "TLS files read anew");
  }

  /** What the client of this connection has shown. */
  certificateOf(socket: Socket): ClientCertificate | null {
    if (this.#config.clientCaFile === undefined) return null;
    const known = this.#shown.get(socket);
    if (known !== undefined) return known;
    const shown = clientCertificateOf(socket);
    const isOld = shown !== null && !this.#opened.has(socket);
    const certificate = isOld
      ? { ...shown, fault: "the accepted certificates have changed since: connect anew" }
      : shown;
    this.#shown.set(socket, certificate);
    return certificate;
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}
