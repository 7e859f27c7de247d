import {
  deadLetterRoutes,
  oneStreamRoutes,
  streamRoutes,
  type StreamRouteOptions,
} from "../../record/streams/routes.ts";
import { operatorStreams } from "./operator-streams.ts";

const options: StreamRouteOptions = {
  path: "/operator/log-streams",
  tags: ["operator"],
  keeper: operatorStreams,
  isOperators: true,
};

/** Streams of everything that is on record. */
export const operatorLogStreamRoutes = [
  streamRoutes(options),
  oneStreamRoutes(options),
  deadLetterRoutes(options),
] as const;
