// An answer that did not come, in words: what happened, what to do, and the number support will ask for.
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiError } from "~/api/error";
import { Notice } from "./Notice";

/** The server's own sentence, or ours when nothing answered. */
export function useWords() {
  const { t } = useTranslation();
  return (error: unknown): string => {
    if (!(error instanceof ApiError)) return t("error.title");
    if (error.code === "unreachable") return t("error.unreachable");
    if (error.code === "unreadable") return t("error.unreadable");
    return sentence(error.message);
  };
}

/** Messages of the API are fragments ("is not a bot token"); on a page they stand alone. */
function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?。]$/.test(first) ? first : `${first}.`;
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const known = error instanceof ApiError ? error : undefined;
  const again = retry && (
    <Button variant="default" size="xs" onClick={retry}>
      {t("action.retry")}
    </Button>
  );
  return (
    <Notice tone="bad" title={words(error)} action={again}>
      {known?.hint && <p>{known.hint}</p>}
      {known?.requestId && known.status >= 500 && <p>{t("error.reference", { id: known.requestId })}</p>}
    </Notice>
  );
}
