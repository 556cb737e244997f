import { expect, test } from "vitest";
import { Refusal } from "../refusal.ts";
import type { FormPart } from "./form-head.ts";
import { FormScanner } from "./form-scanner.ts";
import { boundary, field, file, form, part } from "../testing/form-body.ts";

interface Read {
  parts: FormPart[];
  texts: Record<string, string>;
}

function scan(packets: readonly Buffer[]): Read {
  const read: Read = { parts: [], texts: {} };
  const scanner = new FormScanner(boundary, {
    onPart: (each) => {
      read.parts.push(each);
      return !each.isFile;
    },
    onText: (name, text) => {
      read.texts[name] = text;
    },
  });
  for (const packet of packets) scanner.push(packet);
  scanner.end();
  return read;
}

const refusedForm = expect.objectContaining({ code: "WEIR_FORM_INVALID" });
const refusalOf = (packets: readonly Buffer[]): unknown => {
  try {
    return scan(packets);
  } catch (refusal) {
    return refusal;
  }
};

test("a form reads alike wherever its packets are cut", () => {
  const tricky = "\r\n--b0undar\r\n--\r\n\r\n-- b0undary 日本 \0";
  const whole = form(field("model", "m-ü"), file(tricky), field("prompt", ""), file("x", "b"));
  const expected = scan([whole]);
  expect(expected.texts).toEqual({ model: "m-ü", prompt: "" });
  expect(expected.parts.map(({ name, isFile }) => [name, isFile])).toEqual([
    ["model", false],
    ["file", true],
    ["prompt", false],
    ["b", true],
  ]);
  for (let cut = 0; cut <= whole.length; cut += 1) {
    expect(scan([whole.subarray(0, cut), whole.subarray(cut)]), `cut at ${cut}`).toEqual(expected);
  }
  expect(scan([...whole].map((byte) => Buffer.from([byte])))).toEqual(expected);
});

const name = 'Content-Disposition: form-data; name="model"';
const crlf = "\r\n";

test.each([
  ["nothing", Buffer.alloc(0)],
  ["no boundary at all", Buffer.from("model=m-1")],
  [
    "a preamble, in which a lenient reader might see a part",
    form(Buffer.from(crlf), field("a", "b")),
  ],
  ["no end", field("model", "m-1")],
  ["an end in the middle of a part", form(field("model", "m-1")).subarray(0, 60)],
  ["a part after the end", Buffer.concat([form(field("a", "b")), field("model", "x")])],
  ["text after the end", Buffer.concat([form(field("a", "b")), Buffer.from("x")])],
  ["a boundary after a bare line feed", form(file(`x\n--${boundary}\n${name}\n\nm-2`))],
  ["a boundary after a bare carriage return", form(file(`x\r--${boundary}\r\n${name}`))],
  ["a boundary in the middle of a line", form(file(`x--${boundary}\r\n${name}\r\n\r\nm-2`))],
  ["blanks behind a boundary", form(file(`x\r\n--${boundary} \r\n${name}\r\n\r\nm-2`))],
  ["a longer boundary that begins alike", form(file(`x\r\n--${boundary}2\r\n${name}\r\n\r\nm-2`))],
  ["a part without a head", form(Buffer.from(`--${boundary}\r\n\r\nm-2\r\n`))],
  ["more parts than anybody sends", form(...Array.from({ length: 1_001 }, () => field("a", "b")))],
  ["a head without an end", Buffer.from(`--${boundary}\r\n${"x".repeat(9_000)}`)],
  ["a text that is too long", form(field("model", "x".repeat(65_537)))],
  ["a text in another encoding", form(part(name, Buffer.from([0x6d, 0xff])))],
])("attack: %s is refused", (_what, body) => {
  expect(refusalOf([body])).toEqual(refusedForm);
  if (body.length > 10_000) return;
  expect(refusalOf([...body].map((byte) => Buffer.from([byte])))).toEqual(refusedForm);
});

test.each([
  ["another kind of part", 'Content-Disposition: attachment; name="model"'],
  ["no disposition", "Content-Type: text/plain"],
  ["no name", "Content-Disposition: form-data"],
  ["an empty name", 'Content-Disposition: form-data; name=""'],
  ["two names", 'Content-Disposition: form-data; name="x"; name="model"'],
  ["two dispositions", `Content-Disposition: form-data; name="x"\r\n${name}`],
  ["an extended name", "Content-Disposition: form-data; name*=utf-8''model"],
  ["both names", `Content-Disposition: form-data; name="x"; name*=utf-8''model`],
  [
    "an escaped quote",
    String.raw`Content-Disposition: form-data; name="x"; filename="a\"; name=\"model"`,
  ],
  ["a quote in a name", String.raw`Content-Disposition: form-data; name="mod\"el"`],
  ["an encoded name", 'Content-Disposition: form-data; name="mod%65l"'],
  ["blanks in a name", 'Content-Disposition: form-data; name=" model"'],
  ["a zero byte in a name", 'Content-Disposition: form-data; name="model\0x"'],
  ["an unknown parameter", 'Content-Disposition: form-data; name="x"; size=1'],
  ["a folded line", 'Content-Disposition: form-data;\r\n name="model"'],
  ["a bare line feed", 'Content-Disposition: form-data; name="x"\nContent-Disposition: x'],
  ["a line without a colon", `${name}\r\nnonsense`],
  ["a blank before the colon", 'Content-Disposition : form-data; name="model"'],
  ["a transfer encoding", `${name}\r\nContent-Transfer-Encoding: base64`],
  ["the form's own charset", 'Content-Disposition: form-data; name="_charset_"'],
])("attack: a part with %s is refused", (_what, head) => {
  expect(refusalOf([form(part(head, "m-1"))])).toEqual(refusedForm);
});

test.each([
  ["an unquoted name", "content-disposition: form-data; name=model", false],
  ["odd case and blanks", 'CONTENT-DISPOSITION:form-data ;\tName="model" ', false],
  ["text in UTF-8", `${name}\r\nContent-Type: text/plain; charset=utf-8`, false],
  ["a length", `${name}\r\nContent-Length: 3`, false],
  ["a file's name in two forms", `${name}; filename="?.mp3"; filename*=UTF-8''%e2%82%ac.mp3`, true],
  ["a file's name with blanks and umlauts", `${name}; filename="für alle; 1\\2.mp3"`, true],
  ["an empty file's name", `${name}; filename=""`, true],
  ["bytes without a file's name", `${name}\r\nContent-Type: application/octet-stream`, true],
])("clients' usual ways are read: %s", (_what, head, isFile) => {
  expect(scan([form(part(head, "m-1"))]).parts).toMatchObject([{ name: "model", isFile }]);
});

test("what a reader throws comes out, and nothing is read on", () => {
  const refusal = new Refusal("WEIR_FORM_INVALID");
  const seen: string[] = [];
  const scanner = new FormScanner(boundary, {
    onPart: (each) => {
      seen.push(each.name);
      throw refusal;
    },
    onText: () => undefined,
  });
  expect(() => scanner.push(form(field("a", "1"), field("b", "2")))).toThrow(refusal);
  expect(seen).toEqual(["a"]);
});
