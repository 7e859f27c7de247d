import swagger from "@fastify/swagger";
import type { FastifyContextConfig, FastifyInstance } from "fastify";
import { Problem } from "../../contract/problems.ts";
import { nameHeaders } from "./openapi-headers.ts";
import type { Admission } from "./request-context.ts";

/** Collects every route's schema as an OpenAPI 3.1 description, answered at /openapi.json. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  app.addSchema(Problem);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Sallyport",
        version: "1",
        description:
          "The security half of a product's account menu. Refusals are application/problem+json (RFC 9457); docs/problems.md lists them.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: "sallyport_session" },
          key: { type: "http", scheme: "bearer" },
        },
      },
    },
    transform: ({ schema, url, route }) => ({
      url,
      schema: {
        ...schema,
        security: securityOf(route.config ?? {}),
        response: { ...(schema.response as object | undefined), default: REFUSAL },
      },
    }),
    transformObject: (description) =>
      "openapiObject" in description
        ? nameHeaders(description.openapiObject)
        : description.swaggerObject,
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json["$id"] === "string" ? json["$id"] : `def-${index}`,
    },
  });
  app.get("/openapi.json", { schema: { hide: true }, config: { isPublicFile: true } }, async () =>
    app.swagger(),
  );
}

/** Every route may answer with a problem; which ones, its documentation says. */
const REFUSAL = {
  description: "Refused or failed: `code` says why.",
  content: { "application/problem+json": { schema: { $ref: "Problem#" } } },
};

const KEYS: readonly Admission[] = ["api-key", "operator-key"];

/** Which credentials a route takes, as OpenAPI says it: an empty one is none. */
function securityOf({ admits = ["full"] }: FastifyContextConfig): Record<string, string[]>[] {
  const isForStrangers = admits.includes("stranger");
  const isForKeys = admits.some((admission) => KEYS.includes(admission));
  const isForSessions = admits.some(
    (admission) => admission !== "stranger" && !KEYS.includes(admission),
  );
  return [
    ...(isForStrangers ? [{}] : []),
    ...(isForSessions ? [{ session: [] }] : []),
    ...(isForKeys ? [{ key: [] }] : []),
  ];
}
