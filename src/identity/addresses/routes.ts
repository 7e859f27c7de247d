import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import {
  AddressLinkRequest,
  AddressParams,
  AddressRequest,
  ConfirmedAddress,
  OwnAddresses,
  UndoneChange,
} from "../../contract/identity/addresses.ts";
import { contextOf } from "../../platform/http/request-context.ts";
import { emailRule } from "../accounts/email-address.ts";
import { askAddress } from "./ask-address.ts";
import { confirmAddress } from "./confirm-address.ts";
import { cancelWaiting, readAddresses, removeBackup } from "./own-addresses.ts";
import { undoChange } from "./undo-change.ts";

const tags = ["identity"];

export const addressRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    "/account/addresses",
    {
      config: { action: "account.addresses-read" },
      schema: { tags, summary: "Where mails to oneself go", response: { 200: OwnAddresses } },
    },
    async (request) => await readAddresses(contextOf(request)),
  );

  app.put(
    "/account/addresses/:kind",
    {
      config: { action: "account.address-asked", fieldRules: { body: { "/email": emailRule } } },
      schema: {
        tags,
        summary:
          "Ask for another sign-in address or a second mailbox; it counts once its link was used",
        params: AddressParams,
        body: AddressRequest,
        response: { 202: Type.Object({}, { additionalProperties: false }) },
      },
    },
    async (request, reply) => {
      await askAddress(contextOf(request), { ...request.params, ...request.body });
      return await reply.code(202).send({});
    },
  );

  app.delete(
    "/account/addresses/backup",
    {
      config: { action: "account.backup-address-removed" },
      schema: { tags, summary: "Remove the second mailbox", response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await removeBackup(contextOf(request));
      return await reply.code(204).send(null);
    },
  );

  app.delete(
    "/account/addresses/:kind/waiting",
    {
      config: { action: "account.address-cancelled" },
      schema: {
        tags,
        summary: "Give up an address that waits for its link",
        params: AddressParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await cancelWaiting(contextOf(request), request.params.kind);
      return await reply.code(204).send(null);
    },
  );
};

/** Links of mails: whoever has one needs no session. */
export const addressLinkRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    "/account/addresses/confirm",
    {
      config: { action: "account.address-changed", admits: ["stranger"] },
      schema: {
        tags,
        summary: "The link to a new address: from now on it is the account's",
        body: AddressLinkRequest,
        response: { 200: ConfirmedAddress },
      },
    },
    async (request) => await confirmAddress(contextOf(request), request.body.token),
  );

  app.post(
    "/account/addresses/undo",
    {
      config: { action: "account.address-change-undone", admits: ["stranger"] },
      schema: {
        tags,
        summary: "It was not me: take a change of the sign-in address back, and end every session",
        body: AddressLinkRequest,
        response: { 200: UndoneChange },
      },
    },
    async (request) => await undoChange(contextOf(request), request.body.token),
  );
};
