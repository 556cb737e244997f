import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import fastifyPlugin from "fastify-plugin";

/**
 * The headers that browsers enforce. Scripts come from files of ours alone; styles may be inline,
 * because the console's component library writes them at run time.
 */
export const securityHeaders = fastifyPlugin(
  async (app: FastifyInstance, options: { readonly isServedOverTls: boolean }) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          "default-src": ["'none'"],
          "script-src": ["'self'"],
          "style-src": ["'self'", "'unsafe-inline'"],
          "img-src": ["'self'", "data:"],
          "font-src": ["'self'"],
          "connect-src": ["'self'"],
          "manifest-src": ["'self'"],
          "form-action": ["'self'"],
          "base-uri": ["'none'"],
          "frame-ancestors": ["'none'"],
        },
      },
      // Browsers keep HSTS per host name: on plain loopback it would break other local servers.
      strictTransportSecurity: options.isServedOverTls ? { maxAge: 31_536_000 } : false,
      xFrameOptions: { action: "deny" },
      referrerPolicy: { policy: "no-referrer" },
    });
  },
  { name: "weir-security-headers", fastify: "5.x" },
);
