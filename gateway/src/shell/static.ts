import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";

export interface StaticOptions {
  /** Folder with `index.html` and `assets/`, whose file names hold a digest of their content. */
  readonly directory: string;
  /** First path segments that belong to programs: an unknown path below them is never a page. */
  readonly reservedSegments: readonly string[];
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => FastifyReply;
}

const notBuiltPage =
  "<!doctype html><html lang=en><title>Weir</title><h1>The console has not been built</h1>" +
  "<p>Stop Weir and run <code>npm start</code>, which builds it.</p></html>";

function isPagePath(request: FastifyRequest, reservedSegments: readonly string[]): boolean {
  const path = request.url.split("?", 1)[0] ?? "/";
  const isReserved = reservedSegments.includes(path.split("/", 2)[1] ?? "");
  const isRead = request.method === "GET" || request.method === "HEAD";
  return isRead && !isReserved && extname(path) === "";
}

/** Serves the console: hashed assets for ever, pages afresh, every page path with index.html. */
export const staticFiles = fastifyPlugin(
  async (app: FastifyInstance, options: StaticOptions) => {
    await app.register(fastifyStatic, {
      root: options.directory,
      serve: false,
      cacheControl: false,
      suppressWarning: true,
      setHeaders: (response, path) => {
        const isHashed = path.startsWith(join(options.directory, "assets"));
        const caching = isHashed ? "public, max-age=31536000, immutable" : "no-cache";
        response.header("cache-control", caching);
      },
    });

    app.get<{ Params: { "*": string } }>(
      "/*",
      { config: { permission: "public" }, schema: { hide: true } },
      async (request, reply) => {
        const path = request.params["*"];
        if (path === "" || isPagePath(request, options.reservedSegments))
          return reply.callNotFound();
        return reply.sendFile(path);
      },
    );

    app.setNotFoundHandler((request, reply) => {
      if (!isPagePath(request, options.reservedSegments)) return options.notFound(request, reply);
      if (!existsSync(join(options.directory, "index.html"))) {
        return reply.code(503).type("text/html; charset=utf-8").send(notBuiltPage);
      }
      return reply.code(200).sendFile("index.html");
    });
  },
  { name: "weir-static", fastify: "5.x" },
);
