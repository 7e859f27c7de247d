import {
  createBrowserRouter,
  Outlet,
  type RouteObject,
  type ShouldRevalidateFunctionArgs,
} from "react-router";
import { accessRoutes } from "./access/routes.ts";
import { invitationRoutes } from "./access/sharing/routes.ts";
import { helpRoutes } from "./help/routes.ts";
import { homeRoutes } from "./home/routes.ts";
import { identityRoutes, strangerRoutes } from "./identity/routes.ts";
import { noticeRoutes, unsubscribeRoutes } from "./notice/routes.ts";
import { operatorRoutes } from "./operator/routes.ts";
import { privacyRoutes } from "./privacy/routes.ts";
import { recordRoutes } from "./record/routes.ts";
import { AppFrame } from "./shell/app-frame.tsx";
import { ErrorPage } from "./shell/error-page.tsx";
import { Loading } from "./shell/loading.tsx";
import { requireFullSession } from "./shell/require-session.ts";
import { StrangerFrame } from "./shell/stranger-frame.tsx";

/** Every page below its frame; each wing lists its own, and each page is fetched when it is opened. */
export function createPanelRouter() {
  return createBrowserRouter([
    {
      element: <Outlet />,
      errorElement: <ErrorPage />,
      hydrateFallbackElement: <Loading />,
      children: [
        {
          element: <StrangerFrame />,
          children: [withBoundary([...strangerRoutes, ...invitationRoutes, ...unsubscribeRoutes])],
        },
        {
          element: <AppFrame />,
          loader: requireFullSession,
          shouldRevalidate: isOtherPage,
          children: [
            withBoundary([
              ...homeRoutes,
              ...identityRoutes,
              ...accessRoutes,
              ...recordRoutes,
              ...privacyRoutes,
              ...noticeRoutes,
              ...helpRoutes,
              ...operatorRoutes,
            ]),
            { path: "*", loader: pageMissing, errorElement: <ErrorPage /> },
          ],
        },
      ],
    },
  ]);
}

/** A filter or an open dialog in the address is no other page: it waits for nothing. */
const isOtherPage = ({
  currentUrl,
  nextUrl,
  defaultShouldRevalidate,
}: ShouldRevalidateFunctionArgs): boolean =>
  defaultShouldRevalidate && currentUrl.pathname !== nextUrl.pathname;

/**
 * A page that fails leaves the menu in place. The boundary stands above the pages: a page whose own file did
 * not come is no place for it, and React Router would show nothing at all there.
 */
const withBoundary = (routes: readonly RouteObject[]): RouteObject => ({
  errorElement: <ErrorPage />,
  children: [...routes],
});

function pageMissing(): never {
  throw new Response(null, { status: 404 });
}
