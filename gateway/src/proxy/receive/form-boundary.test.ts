import { expect, test } from "vitest";
import { formBoundary } from "./form-boundary.ts";

test.each([
  ["multipart/form-data; boundary=abc", "abc"],
  [
    "multipart/form-data;boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
    "----WebKitFormBoundary7MA4YWxkTrZu0gW",
  ],
  ['Multipart/Form-Data; Boundary="a b:c"', null],
  ['multipart/form-data; boundary="a:(b)=c"', "a:(b)=c"],
  [
    "multipart/form-data; boundary=----formdata-undici-012345678901 ",
    "----formdata-undici-012345678901",
  ],
])("%s has the boundary %s", (contentType, expected) => {
  if (expected === null) expect(() => formBoundary(contentType)).toThrow("boundary");
  else expect(formBoundary(contentType)).toBe(expected);
});

test.each([
  "",
  "application/json",
  "multipart/form-data",
  "multipart/form-data; boundary=",
  'multipart/form-data; boundary=""',
  "multipart/form-data; boundary=a; boundary=b",
  "multipart/form-data; charset=utf-8; boundary=a",
  "multipart/form-data; boundary=a; charset=utf-16",
  "multipart/form-data, multipart/form-data; boundary=b",
  "multipart/form-data; boundary*=utf-8''b",
  'multipart/form-data; boundary="a"b',
  "multipart/mixed; boundary=a",
  `multipart/form-data; boundary=${"a".repeat(71)}`,
])("attack: %j, which could be split in two ways or none, is refused", (contentType) => {
  expect(() => formBoundary(contentType)).toThrow(
    expect.objectContaining({ code: "WEIR_FORM_INVALID" }),
  );
});
