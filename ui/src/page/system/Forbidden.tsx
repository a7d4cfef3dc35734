// 403: it exists, but not for this person. Also shown by the operator's pages to everybody else.
import { useTranslation } from "react-i18next";
import type { ApiError } from "~/api/error";
import { useWords } from "~/pattern/Failure";
import { useMe } from "~/session/me";
import { Locked } from "./Drawing";
import { Home } from "./Missing";
import { Scene } from "./Scene";

interface Props {
  /** The server's own reason, where it gave one. */
  error?: ApiError;
}

export function Forbidden({ error }: Props) {
  const { t } = useTranslation("system");
  const words = useWords();
  const email = useMe()?.email;
  return (
    <Scene title={t("forbidden.title")} drawing={<Locked />} actions={<Home />}>
      <p>{error ? words(error) : t("forbidden.words")}</p>
      {error?.hint && <p>{error.hint}</p>}
      {email && <p>{t("forbidden.as", { email })}</p>}
    </Scene>
  );
}
