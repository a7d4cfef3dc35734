// What is shown in place of a page that failed: which kind of failure it was decides what helps.
import { Button } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError } from "~/api/error";
import { isGone } from "~/route/gone";
import { Torn } from "./Drawing";
import { Forbidden } from "./Forbidden";
import { Home, Missing } from "./Missing";
import { Outage } from "./Outage";
import { Scene } from "./Scene";
import { Updated } from "./Updated";

type Props = Pick<ErrorComponentProps, "error" | "reset">;

export function Trouble({ error, reset }: Props) {
  const router = useRouter();
  const retry = () => void router.invalidate().then(reset);
  if (isGone(error)) return <Updated />;
  if (!(error instanceof ApiError)) return <Broken retry={retry} />;
  if (error.isOutage) return <Outage retry={retry} requestId={error.requestId} />;
  if (error.status === 403) return <Forbidden error={error} />;
  if (error.status === 404) return <Missing />;
  return <Broken retry={retry} requestId={error.requestId} />;
}

/** Our own fault; nothing the person did. */
function Broken({ retry, requestId }: { retry: () => void; requestId?: string }) {
  const { t } = useTranslation(["system", "common"]);
  return (
    <Scene
      alert
      title={t("system:broken.title")}
      drawing={<Torn />}
      note={requestId && t("common:error.reference", { id: requestId })}
      actions={
        <>
          <Button onClick={retry}>{t("common:action.retry")}</Button>
          <Home variant="default" />
        </>
      }
    >
      <p>{t("system:broken.words")}</p>
    </Scene>
  );
}
