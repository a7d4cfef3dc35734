// Why signing in did not work, in words; after too many attempts with the seconds that are left.
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "~/api/error";
import { Failure } from "~/pattern/Failure";
import { Notice } from "~/pattern/Notice";

export function Refused({ error, onOver }: { error: unknown; onOver?: () => void }) {
  const { t } = useTranslation("public");
  if (!(error instanceof ApiError)) return error ? <Failure error={error} /> : null;
  if (error.code === "rate_limited") return <Patience key={error.requestId} error={error} onOver={onOver} />;
  if (error.status === 401)
    return (
      <Notice tone="bad" title={t("refused.title")}>
        {t("refused.words")}
      </Notice>
    );
  return <Failure error={error} />;
}

function Patience({ error, onOver }: { error: ApiError; onOver?: () => void }) {
  const { t } = useTranslation("public");
  const [left, setLeft] = useState(error.retryAfter ?? 0);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => {
      setLeft(left - 1);
      if (left === 1) onOver?.();
    }, 1000);
    return () => clearTimeout(timer);
  }, [left, onOver]);
  return (
    <Notice tone="warn" title={t("patience.title")}>
      {/* Counted down for the eye; said aloud only once. */}
      {left > 0 && <span aria-hidden="true">{t("patience.words", { count: left })}</span>}
      {left > 0 && <VisuallyHidden>{t("patience.words", { count: error.retryAfter ?? 0 })}</VisuallyHidden>}
      {left <= 0 && t("patience.over")}
    </Notice>
  );
}
