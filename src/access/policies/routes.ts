import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import {
  PasswordDemand,
  PasswordDemanded,
  PasswordPolicy,
  PasswordPolicyChange,
  PasswordPolicyQuery,
  PasswordPolicySimulation,
} from "../../contract/access/password-policies.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { changePasswordPolicy } from "./change-policy.ts";
import { demandPasswords } from "./demand-passwords.ts";
import { readPasswordPolicy } from "./read-policy.ts";
import { simulatePasswordPolicy } from "./simulate-policy.ts";

const tags = ["access"];

export const passwordPolicyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/policies/password",
    {
      config: { action: "password-policy.read" },
      schema: {
        tags,
        summary: "What an organisation asks of passwords",
        querystring: PasswordPolicyQuery,
        response: { 200: PasswordPolicy },
      },
    },
    async (request) => readPasswordPolicy(contextOf(request), request.query),
  );

  app.put(
    "/policies/password",
    {
      config: { action: "password-policy.changed" },
      schema: {
        tags,
        summary: "Set what an organisation asks of passwords; it holds at once",
        body: PasswordPolicyChange,
        response: { 200: PasswordPolicy },
      },
    },
    async (request) => changePasswordPolicy(contextOf(request), request.body),
  );

  app.post(
    "/policies/password/simulate",
    {
      config: { action: "password-policy.simulated" },
      schema: {
        tags,
        summary: "Whom other rules would bind, and from when; changes nothing",
        body: PasswordPolicyChange,
        response: { 200: PasswordPolicySimulation },
      },
    },
    async (request) => simulatePasswordPolicy(contextOf(request), request.body),
  );

  app.post(
    "/policies/password/expire",
    {
      config: { action: "password-policy.password-demanded" },
      schema: {
        tags,
        summary: "Ask one person, or all who are bound, for another password at once",
        body: PasswordDemand,
        response: { 200: PasswordDemanded },
      },
    },
    async (request) => demandPasswords(contextOf(request), request.body),
  );
};
