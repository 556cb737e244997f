import { expect, test } from "vitest";
import { buildOpenApiDocument } from "../../control/openapi-document.ts";
import { createControlFixture, problemOf } from "../../control/testing/control-fixture.ts";

async function changingRoutes(): Promise<{ method: "POST" | "DELETE"; url: string }[]> {
  const document: { paths: Record<string, Record<string, { security?: object[] }>> } = JSON.parse(
    await buildOpenApiDocument(),
  );
  return Object.entries(document.paths).flatMap(([path, methods]) => {
    const url = path.replaceAll(/\{\w+\}/g, "some-id");
    return (
      (["POST", "DELETE"] as const)
        // What no cookie opens, another site's page cannot open either.
        .filter((method) =>
          methods[method.toLowerCase()]?.security?.some((each) => "session" in each),
        )
        .map((method) => ({ method, url }))
    );
  });
}

test("no route that changes anything follows another site's page, whoever is signed in", async () => {
  await using fixture = await createControlFixture();
  const ours = await fixture.signIn("ada");
  const { "x-weir-csrf": _header, ...form } = ours;
  const evil = { origin: "https://evil.example" };
  const crossings = [
    form,
    { ...ours, "sec-fetch-site": "cross-site" },
    { ...ours, "sec-fetch-site": "same-site", ...evil },
    { host: ours["host"], cookie: ours["cookie"], "x-weir-csrf": "1", ...evil },
  ];
  const routes = await changingRoutes();
  expect(routes.length).toBeGreaterThan(5);
  for (const route of routes) {
    for (const headers of crossings) {
      const answer = await fixture.app.inject({ ...route, headers, payload: {} });
      expect([route.url, answer.statusCode]).toEqual([route.url, 403]);
      expect(problemOf(answer.body).code).toBe("WEIR_CROSS_SITE_REQUEST");
    }
  }
});
