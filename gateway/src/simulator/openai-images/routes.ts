import { openaiFormat, openaiWire } from "../openai/format.ts";
import { digestOf } from "../request.ts";
import type { Route } from "../route.ts";
import { serveCall } from "../serve-call.ts";
import { serveForm } from "../serve-form.ts";
import { askedImages } from "./image.ts";

const format = openaiFormat("openai-images");
const generations = openaiWire("openai-images", (received) =>
  askedImages("image_generation", (name) => received.json[name], 0, digestOf(received)),
);

/** Pictures from text, and from other pictures. */
export const imageRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/v1/images/generations",
    wire: generations,
    serve: (call) => serveCall(generations, call),
  },
  {
    method: "POST",
    path: "/v1/images/edits",
    wire: format,
    body: "unread",
    serve: (call) =>
      serveForm(format, call, {
        read: ({ fields, files, digest }) =>
          askedImages("image_edit", (name) => fields.get(name), files.length, digest),
      }),
  },
];
