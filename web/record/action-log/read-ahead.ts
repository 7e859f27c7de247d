import type { LoaderFunctionArgs } from "react-router";
import { queryClient } from "../../api/query-client.ts";
import { whenKnown } from "../../shell/require-session.ts";
import { entriesQuery, type ApiQuery } from "./log-api.ts";
import { readFilter, toApiQuery } from "./log-filter.ts";

/**
 * Asks for the entries while the page itself is on its way; as the page's account, so once it is known. The
 * page finds them, or asks for them again and tells what is wrong.
 */
export function readAhead({ request }: LoaderFunctionArgs): null {
  const filter = readFilter(new URL(request.url).searchParams);
  // A period that ends now begins when the page opens: it would be another question.
  if (filter.when === undefined) void ask(toApiQuery(filter, Date.now()));
  return null;
}

async function ask(query: ApiQuery): Promise<void> {
  await whenKnown();
  await queryClient.prefetchInfiniteQuery(entriesQuery(query));
}
