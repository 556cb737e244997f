import { createHash, hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Busboy, type BusboyFileStream } from "@fastify/busboy";
import type { BodySeen } from "./entry.ts";

/** A file of a form. Its bytes are kept only where asked for. */
export interface FormFile {
  readonly field: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly content: Buffer | null;
}

export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: readonly FormFile[];
  /** Twenty-four hex digits that depend on what the form holds, not on its boundary. */
  readonly digest: string;
}

/** `too_large`: beyond the limit. `malformed`: no multipart form, or one that ends too early. */
export type FormOutcome =
  | { readonly form: Form; readonly body: BodySeen }
  | { readonly problem: "too_large" | "malformed"; readonly body: BodySeen };

export interface FormLimits {
  readonly maxBytes: number;
  readonly keepsFiles: boolean;
}

/**
 * Reads a multipart body as it comes. Calls `done` once, after the last byte; not at all when the
 * client leaves before that.
 */
export function readForm(
  message: IncomingMessage,
  { maxBytes, keepsFiles }: FormLimits,
  done: (outcome: FormOutcome) => void,
): void {
  const all = createHash("sha256");
  let bytes = 0;
  const parser = new FormParser(message.headers["content-type"] ?? "", keepsFiles);
  message.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    all.update(chunk);
    if (bytes <= maxBytes) parser.write(chunk);
  });
  message.once("end", () => {
    const body = { sha256: all.digest("hex"), bytes };
    if (bytes > maxBytes) done({ problem: "too_large", body });
    else {
      parser.end((form) => {
        done(form === null ? { problem: "malformed", body } : { form, body });
      });
    }
  });
}

const limits = { fields: 200, files: 64, parts: 264, fieldSize: 1_048_576 };

class FormParser {
  readonly #fields = new Map<string, string>();
  readonly #files: FormFile[] = [];
  readonly #parser: Busboy | null;
  readonly #keepsFiles: boolean;
  #failed = false;
  #ended: ((form: Form | null) => void) | null = null;

  constructor(contentType: string, keepsFiles: boolean) {
    this.#keepsFiles = keepsFiles;
    this.#parser = parserFor(contentType);
    this.#parser?.on("field", (name, value) => void this.#fields.set(name, value));
    this.#parser?.on("file", (name, stream, filename, _encoding, type) =>
      this.#take(stream, { field: name, filename, contentType: type }),
    );
    this.#parser?.on("error", () => this.#fail());
    this.#parser?.on("finish", () => this.#finish());
  }

  write(chunk: Buffer): void {
    if (!this.#failed) this.#parser?.write(chunk);
  }

  end(done: (form: Form | null) => void): void {
    if (this.#failed || this.#parser === null) done(null);
    else {
      this.#ended = done;
      this.#parser.end();
    }
  }

  #take(
    stream: BusboyFileStream,
    named: Pick<FormFile, "field" | "filename" | "contentType">,
  ): void {
    const digest = createHash("sha256");
    const kept: Buffer[] = [];
    let bytes = 0;
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      digest.update(chunk);
      if (this.#keepsFiles) kept.push(chunk);
    });
    stream.on("error", () => this.#fail());
    stream.on("end", () => {
      const content = this.#keepsFiles ? Buffer.concat(kept) : null;
      this.#files.push({ ...named, bytes, sha256: digest.digest("hex"), content });
    });
  }

  #fail(): void {
    this.#failed = true;
    this.#ended?.(null);
    this.#ended = null;
  }

  #finish(): void {
    const fields = [...this.#fields];
    const files = this.#files.map((file) => [file.field, file.filename, file.sha256]);
    const digest = hash("sha256", JSON.stringify([fields, files])).slice(0, 24);
    this.#ended?.({ fields: this.#fields, files: this.#files, digest });
    this.#ended = null;
  }
}

type Busboy = InstanceType<typeof Busboy>;

function parserFor(contentType: string): Busboy | null {
  try {
    if (!/^multipart\/form-data/i.test(contentType)) return null;
    return new Busboy({ headers: { "content-type": contentType }, limits });
  } catch {
    return null;
  }
}
