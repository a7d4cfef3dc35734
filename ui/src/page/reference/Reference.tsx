// The API, rendered from the document that the server itself serves. One operation at a time, so that its size does not matter.
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { Await, Lines } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import classes from "./Reference.module.css";
import { type Reference as Read, read } from "./read/document";
import { Intro } from "./view/Intro";
import { List } from "./view/List";
import { OperationView } from "./view/OperationView";
import { SchemasProvider } from "./view/schemas";

/** It changes only with the server's version. */
const FRESH_MS = 10 * 60_000;

export function Reference() {
  const { t } = useTranslation("reference");
  const document = useQuery({
    queryKey: ["openapi"],
    queryFn: async () => read(await body(api.GET("/api/v1/openapi.json"))),
    staleTime: FRESH_MS,
  });
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Await query={document} skeleton={<Waiting />}>
        {(reference) => <Shown reference={reference} />}
      </Await>
    </Page>
  );
}

function Shown({ reference }: { reference: Read }) {
  const chosen = useRouterState({ select: ({ location }) => location.hash });
  const all = reference.groups.flatMap(({ operations }) => operations);
  const at = all.findIndex(({ id }) => id === chosen);
  const operation = all[at];
  return (
    <SchemasProvider value={reference.schemas}>
      <div className={classes.columns}>
        {/* A choice closes the list of small screens and keeps its search. */}
        <List groups={reference.groups} chosen={operation} />
        {/* Anew for each, so that what was opened in one is not open in the next. */}
        <div className={classes.main} key={chosen}>
          {operation ? (
            <OperationView operation={operation} before={all[at - 1]} after={all[at + 1]} />
          ) : (
            <Intro version={reference.version} />
          )}
        </div>
      </div>
    </SchemasProvider>
  );
}

function Waiting() {
  return (
    <div className={classes.columns}>
      <Lines count={10} height={18} />
      <Lines count={6} height={20} />
    </div>
  );
}
