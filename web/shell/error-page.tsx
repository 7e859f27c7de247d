import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useRevalidator, useRouteError } from "react-router";
import { ApiProblem } from "../api/client.ts";
import { paths } from "../paths.ts";
import { useErrorText } from "../ui/error-alert.tsx";
import { PanelUpdated } from "./load-part.ts";
import { Loading } from "./loading.tsx";
import { SupportLink } from "./support-link.tsx";

/** In place of a page that cannot be shown: missing, not allowed, or failed; never a dead end. */
export function ErrorPage() {
  const error = asError(useRouteError());
  return error instanceof PanelUpdated ? <LoadAnew /> : <Failure error={error} />;
}

/** Nothing typed is lost by this: the page before was left already for this one. */
function LoadAnew() {
  useEffect(() => globalThis.location.reload(), []);
  return <Loading />;
}

function Failure({ error }: { error: Error }) {
  const { t } = useTranslation("common");
  const text = useErrorText()(error);
  const { reset } = useQueryErrorResetBoundary();
  const { revalidate } = useRevalidator();
  const { pathname, search } = useLocation();
  return (
    <Stack align="flex-start" gap="md" role="alert">
      <Title order={1}>{t(titleOf(error))}</Title>
      <Text maw="40rem">{text}</Text>
      <Group>
        {isStranger(error) ? (
          <Button component={Link} to={paths.signIn({ next: `${pathname}${search}` })}>
            {t("signIn")}
          </Button>
        ) : (
          mayPass(error) && (
            <Button
              onClick={() => {
                reset();
                void revalidate();
                globalThis.location.reload();
              }}
            >
              {t("tryAgain")}
            </Button>
          )
        )}
        <Button
          component={Link}
          to={paths.home()}
          variant={isStranger(error) || mayPass(error) ? "default" : "filled"}
        >
          {t("toHome")}
        </Button>
        <SupportLink />
      </Group>
    </Stack>
  );
}

/** The session has ended, and its reader did not want to sign in where they were asked. */
const isStranger = (error: Error): boolean =>
  error instanceof ApiProblem && error.code === "not-signed-in";

/** Whether another try may show it: what is missing or not allowed stays so. */
const mayPass = (error: Error): boolean => titleOf(error) === "pageFailed";

function titleOf(error: Error) {
  if (!(error instanceof ApiProblem)) return "pageFailed";
  if (error.code === "not-found" || error.code === "route-not-found") return "pageMissing";
  return error.code === "forbidden" ? "pageForbidden" : "pageFailed";
}

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new ApiProblem("route-not-found");
