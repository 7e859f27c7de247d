import { streamRoutes } from "../../record/streams/routes.ts";
import { operatorStreams } from "./operator-streams.ts";

/** Streams of everything that is on record. */
export const operatorLogStreamRoutes = streamRoutes({
  path: "/operator/log-streams",
  tags: ["operator"],
  keeper: operatorStreams,
  isOperators: true,
});
