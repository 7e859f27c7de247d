import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type, type TObject } from "typebox";
import {
  AddressRules,
  AddressRulesChange,
  AddressTest,
  AddressTestResult,
} from "../../contract/access/address-rules.ts";
import { KeyParams } from "../../contract/access/api-keys.ts";
import { AppParams } from "../../contract/access/apps.ts";
import { ServiceAccountParams } from "../../contract/access/service-accounts.ts";
import { cidrRule } from "../../platform/client-address/parse-cidr.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import type { KeyUsage } from "../api-keys/key-usage.ts";
import { changeRules } from "./change-rules.ts";
import { confirmRules } from "./confirm-rules.ts";
import { readRules } from "./read-rules.ts";
import type { RulesOwner } from "./rule-queries.ts";
import { addressRule, testAddress } from "./test-address.ts";

type Level = {
  url: string;
  params: TObject;
  /** Tells the owner from the parameters of the address. */
  ownerOf: (params: unknown) => RulesOwner;
  noun: string;
};

const levels: readonly Level[] = [
  level("app", { url: "/apps/:appId", params: AppParams, noun: "an app" }),
  level("service-account", {
    url: "/service-accounts/:serviceAccountId",
    params: ServiceAccountParams,
    noun: "a service account",
  }),
  level("key", { url: "/keys/:keyId", params: KeyParams, noun: "a key" }),
];

function level(
  name: RulesOwner["level"],
  { url, params, noun }: { url: string; params: TObject; noun: string },
): Level {
  const [member = ""] = Object.keys(params.properties);
  return {
    url: `${url}/address-rules`,
    params,
    noun,
    ownerOf: (values) => {
      const ownerId: unknown = Reflect.get(Object(values), member);
      if (typeof ownerId !== "string") throw new Error("the schema asks for the owner's id");
      return { level: name, ownerId };
    },
  };
}

const tags = ["access"];

/** The same routes below an app, a service account and a key. */
export function addressRuleRoutes(usage: KeyUsage): FastifyPluginAsyncTypebox {
  return async (app) => {
    for (const each of levels) {
      await app.register(routesToRead(each));
      await app.register(routesToChange(each, usage));
    }
  };
}

function routesToRead({ url, params, ownerOf, noun }: Level): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      url,
      {
        config: { action: "address-rules.read", admits: ["full", "api-key"] },
        schema: {
          tags,
          summary: `From where keys of ${noun} may be used, and who used them lately`,
          params,
          response: { 200: AddressRules },
        },
      },
      async (request) => readRules(contextOf(request), ownerOf(request.params)),
    );
    app.post(
      `${url}/test`,
      {
        config: {
          action: "address-rules.tested",
          admits: ["full", "api-key"],
          fieldRules: { body: { "/address": addressRule } },
        },
        schema: {
          tags,
          summary: `Would keys of ${noun} be let in from this address?`,
          params,
          body: AddressTest,
          response: { 200: AddressTestResult },
        },
      },
      async (request) =>
        testAddress(contextOf(request), ownerOf(request.params), request.body.address),
    );
  };
}

function routesToChange(
  { url, params, ownerOf, noun }: Level,
  usage: KeyUsage,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.put(
      url,
      {
        config: {
          action: "address-rules.changed",
          fieldRules: { body: { "/entries/*/cidr": cidrRule } },
        },
        schema: {
          tags,
          summary: `Say from where keys of ${noun} may be used`,
          params,
          body: AddressRulesChange,
          response: { 200: AddressRules },
        },
      },
      async (request) => {
        const owner = ownerOf(request.params);
        return await changeRules(contextOf(request), usage, { owner, ...request.body });
      },
    );
    app.post(
      `${url}/confirm`,
      {
        config: { action: "address-rules.confirmed" },
        schema: {
          tags,
          summary: `Keep a change of the address rules of ${noun} that would go back`,
          params,
          response: { 204: Type.Null() },
        },
      },
      async (request, reply) => {
        await confirmRules(contextOf(request), ownerOf(request.params));
        return reply.code(204).send(null);
      },
    );
  };
}
