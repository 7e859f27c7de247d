import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { Health, JobParams, Queue } from "../../contract/operator/health.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { readHealth, readQueue } from "./read-health.ts";
import { retryJob } from "./retry-job.ts";

const tags = ["operator"];

export const healthRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/operator/health",
    {
      config: { action: "operator.health-read" },
      schema: { tags, summary: "How the installation stands", response: { 200: Health } },
    },
    async (request) => await readHealth(contextOf(request)),
  );

  app.get(
    "/operator/queue",
    {
      config: { action: "operator.queue-read" },
      schema: {
        tags,
        summary: "How the queue stands, and what failed for good",
        response: { 200: Queue },
      },
    },
    async (request) => await readQueue(contextOf(request)),
  );

  app.post(
    "/operator/queue/:jobId/retry",
    {
      config: { action: "operator.job-retried" },
      schema: {
        tags,
        summary: "Try a job again that failed for good",
        params: JobParams,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await retryJob(contextOf(request), request.params.jobId);
      return await reply.code(204).send(null);
    },
  );
};
