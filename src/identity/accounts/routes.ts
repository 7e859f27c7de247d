import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import {
  AccountChange,
  OwnAccount,
  Person,
  SignUpReply,
  SignUpRequest,
  VerifyReply,
  VerifyRequest,
} from "../../contract/identity/accounts.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { sessionCookie } from "../sessions/session-cookie.ts";
import { passwordRule } from "./choose-password.ts";
import { emailRule } from "./email-address.ts";
import { changeAccount, readOwnAccount } from "./own-account.ts";
import { timeZoneRule } from "./reader.ts";
import { readSignUpCookie, signUpCookie } from "./sign-up-cookie.ts";
import { signUp } from "./sign-up.ts";
import { verifySignUp } from "./verify-sign-up.ts";

const tags = ["identity"];

const signUpRules = {
  body: { "/email": emailRule, "/password": passwordRule, "/timeZone": timeZoneRule },
};
const verifyRules = { body: { "/password": passwordRule } };

export const accountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/accounts",
    {
      config: { action: "account.signed-up", admits: ["stranger"], fieldRules: signUpRules },
      schema: {
        tags,
        summary: "Sign up; the mail says how it goes on",
        body: SignUpRequest,
        response: { 202: SignUpReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const { browserToken } = await signUp(ctx, request.body, request.headers["accept-language"]);
      void reply.header("set-cookie", signUpCookie(ctx.config, browserToken));
      return await reply.code(202).send({});
    },
  );

  app.post(
    "/accounts/verify",
    {
      config: { action: "account.verified", admits: ["stranger"], fieldRules: verifyRules },
      schema: {
        tags,
        summary: "Open the mail's link: proves the address and makes the account",
        body: VerifyRequest,
        response: { 201: VerifyReply },
      },
    },
    async (request, reply) => {
      const ctx = contextOf(request);
      const browserToken = readSignUpCookie(ctx.config, request.headers.cookie);
      const { account, session } = await verifySignUp(ctx, request.body, browserToken);
      void reply.header("set-cookie", sessionCookie(ctx.config, session));
      return await reply.code(201).send({ account, session: { level: session.level } });
    },
  );

  app.get(
    "/account",
    {
      config: { action: "account.read", admits: ["full", "api-key"] },
      schema: { tags, summary: "Who the credential is", response: { 200: OwnAccount } },
    },
    async (request) => await readOwnAccount(contextOf(request)),
  );

  app.patch(
    "/account",
    {
      config: { action: "account.renamed", fieldRules: { body: { "/timeZone": timeZoneRule } } },
      schema: {
        tags,
        summary: "Change one's own name, and the language and time zone of one's mails",
        body: AccountChange,
        response: { 200: Person },
      },
    },
    async (request) => await changeAccount(contextOf(request), request.body),
  );
};
