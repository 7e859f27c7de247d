import {
  deadLetterRoutes,
  oneStreamRoutes,
  streamRoutes,
  type StreamRouteOptions,
} from "../../record/streams/routes.ts";
import { organisationStreams } from "./organisation-streams.ts";

const options: StreamRouteOptions = {
  path: "/log-streams",
  tags: ["record"],
  keeper: organisationStreams,
  isOperators: false,
};

/** Streams of the organisations that the caller belongs to. */
export const logStreamRoutes = [
  streamRoutes(options),
  oneStreamRoutes(options),
  deadLetterRoutes(options),
] as const;
