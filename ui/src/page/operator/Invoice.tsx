// A vendor's invoice beside the ledger. The file goes to the server to be compared and is kept by nobody; what came out is gone with this page.
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "~/pattern/Page";
import { Ask } from "./invoice/Ask";
import { type Asked, type Reconciliation, reconcile } from "./invoice/invoice";
import { Result } from "./invoice/Result";

export function Invoice() {
  const { t } = useTranslation("operator");
  const compare = useMutation({ mutationFn: reconcile });
  const { data } = compare;
  return (
    <Page title={t("invoice.title")} lead={t("invoice.lead")}>
      <Ask compare={(asked: Asked) => compare.mutateAsync(asked)} onChange={compare.reset} />
      {data && <Shown key={compare.submittedAt} result={data} />}
    </Page>
  );
}

/** The answer stands below the form, maybe out of sight: it is gone to, and read from its beginning. */
function Shown({ result }: { result: Reconciliation }) {
  const { t } = useTranslation("operator");
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    place.current?.scrollIntoView({ block: "start" });
  }, []);
  return (
    <section
      ref={place}
      tabIndex={-1}
      aria-label={t("invoice.result")}
      style={{ scrollMarginTop: 72, outline: "none" }}
    >
      <Result result={result} />
    </section>
  );
}
