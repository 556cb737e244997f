import { expect, test } from "vitest";
import { boundary, field, file, form, part } from "../testing/form-body.ts";
import { setFormField } from "./set-form-field.ts";

const change = { name: "model", from: "m-1", to: "日本-model" };
const set = (head: Buffer, wanted = change) => setFormField(head, boundary, wanted);
const replaced = field("model", "日本-model");

test("the field alone is replaced, wherever it stands and whatever else looks like it", () => {
  const noise = file("\r\n\r\nm-1\r\n--b0undar");
  const others = [field("prompt", "m-1"), field("model2", "m-1"), noise];
  expect(set(form(field("model", "m-1"), ...others))).toEqual(form(replaced, ...others));
  expect(set(form(...others, field("model", "m-1")))).toEqual(form(...others, replaced));
});

test("a head that ends within the file that follows the field is replaced alike", () => {
  const head = Buffer.concat([field("model", "m-1"), file("sound").subarray(0, 30)]);
  expect(set(head)).toEqual(Buffer.concat([replaced, file("sound").subarray(0, 30)]));
});

test.each([
  ["without quotes", "content-disposition: form-data; name=model"],
  [
    "with a type before",
    'Content-Type: text/plain\r\nContent-Disposition: form-data; name="model"',
  ],
  [
    "with a type behind",
    'Content-Disposition: form-data; name="model"\r\nContent-Type: text/plain',
  ],
])("a field %s keeps its head", (_what, head) => {
  expect(set(form(part(head, "m-1")))).toEqual(form(part(head, "日本-model")));
});

test("a value with signs of regular expressions and in UTF-8 is replaced as it stands", () => {
  const from = "org/m.*(1)+日本:7b";
  const head = form(field("model", from));
  expect(set(head, { ...change, from })).toEqual(form(replaced));
});

test("a field that is not there, has another value or stands twice is not replaced at all", () => {
  const model = field("model", "m-1");
  expect(set(form(field("prompt", "m-1")))).toBeNull();
  expect(set(form(field("model", "m-11")))).toBeNull();
  expect(set(form(model, model))).toBeNull();
  expect(set(Buffer.alloc(0))).toBeNull();
});
