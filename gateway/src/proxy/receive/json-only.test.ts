import { expect, test } from "vitest";
import { jsonOnly } from "./json-only.ts";

test.each([
  undefined,
  "",
  "application/json",
  "application/json; charset=utf-8",
  "Application/JSON;charset=UTF-8",
  'application/json; charset="utf8"',
  "application/json; profile=x; charset=utf-8",
  "application/vnd.api+json",
  "text/json",
  "text/plain;charset=UTF-8",
])("JSON, or nothing said: %j", (type) => {
  expect(() => jsonOnly(type)).not.toThrow();
});

test.each([
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain; charset=utf-7",
  "text/html",
  "application/json; charset=utf-7",
  "application/json; charset=utf-8; charset=utf-7",
  "application/json; charset=utf-16le",
  "application/json; charset =iso-2022-jp",
  "application/json, application/x-www-form-urlencoded",
  "application/jsonp",
  "json",
])("attack: a type by which the body might be read otherwise is refused: %s", (type) => {
  expect(() => jsonOnly(type)).toThrow(
    expect.objectContaining({ code: "WEIR_CONTENT_TYPE_UNSUPPORTED" }),
  );
});
