import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type {
  AddressRules,
  AddressRulesChange,
  AddressTestResult,
} from "../../../src/contract/access/address-rules.ts";
import { request } from "../../api/client.ts";
import { APPS } from "../apps/app-api.ts";

export type { AddressRules, AddressRulesChange };
export type TestResult = Static<typeof AddressTestResult>;
export type RecentCaller = AddressRules["recentCallers"][number];

/** What a list belongs to. The name is for sentences. */
export type ListOwner = { level: "app" | "service-account" | "key"; id: string; name: string };

const folder = { app: "apps", "service-account": "service-accounts", key: "keys" } as const;

const rulesAt = ({ level, id }: Pick<ListOwner, "level" | "id">): string =>
  `/${folder[level]}/${id}/address-rules`;

export const rulesQuery = (owner: Pick<ListOwner, "level" | "id">) =>
  queryOptions({
    queryKey: [APPS, "address-rules", owner.level, owner.id],
    queryFn: ({ signal }) => request<AddressRules>("GET", rulesAt(owner), { signal }),
  });

export const changeRules = (owner: ListOwner, body: AddressRulesChange): Promise<AddressRules> =>
  request<AddressRules>("PUT", rulesAt(owner), { body });

export const confirmRules = (owner: ListOwner): Promise<void> =>
  request("POST", `${rulesAt(owner)}/confirm`);

export const testAddress = (owner: ListOwner, address: string): Promise<TestResult> =>
  request<TestResult>("POST", `${rulesAt(owner)}/test`, { body: { address } });
