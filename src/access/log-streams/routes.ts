import { streamRoutes } from "../../record/streams/routes.ts";
import { organisationStreams } from "./organisation-streams.ts";

/** Streams of the organisations that the caller belongs to. */
export const logStreamRoutes = streamRoutes({
  path: "/log-streams",
  tags: ["record"],
  keeper: organisationStreams,
  isOperators: false,
});
