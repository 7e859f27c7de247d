import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./ui/ui.css";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
// From here, for the sake of its `flushSync`: a filter chosen shows at once.
import { RouterProvider } from "react-router/dom";
import { queryClient } from "./api/query-client.ts";
import { startI18n } from "./i18n/start-i18n.ts";
import { createPanelRouter } from "./routes.tsx";
import { BrandedTheme } from "./shell/branded-theme.tsx";
import { brandingQuery } from "./shell/branding.ts";
import { watchAccount } from "./shell/watch-account.ts";

const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has the element that the panel is drawn into");

watchAccount();
// It asks who is here and fetches the page at once, beside the two below.
const router = createPanelRouter();
// In the product's own colour from the first moment; without an answer the page is drawn all the same.
await Promise.all([startI18n(), queryClient.prefetchQuery(brandingQuery)]);
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <BrandedTheme>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </BrandedTheme>
    </QueryClientProvider>
  </StrictMode>,
);
