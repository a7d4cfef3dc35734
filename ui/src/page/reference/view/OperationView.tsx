// One operation: what it does, who may, what goes in and what comes out.
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Snippet } from "~/pattern/Snippet";
import type { Operation } from "../read/document";
import { curl } from "../read/example";
import { Answers } from "./Answers";
import { Authz } from "./Authz";
import { Fields, Parameters } from "./Fields";
import { Method } from "./Method";
import classes from "./OperationView.module.css";
import { Prose } from "./Prose";
import { useSchemas } from "./schemas";

interface Props {
  operation: Operation;
  before?: Operation;
  after?: Operation;
}

export function OperationView({ operation, before, after }: Props) {
  const { t } = useTranslation("reference");
  const schemas = useSchemas();
  const { method, path, summary, description, parameters, body } = operation;
  return (
    <article className={classes.operation} aria-labelledby="operation">
      <header>
        <p className={classes.endpoint}>
          <Method method={method} />
          <code>{path}</code>
        </p>
        <h2 id="operation" className={classes.title}>
          <Prose>{summary}</Prose>
        </h2>
        {description && (
          <p className={classes.words}>
            <Prose>{description}</Prose>
          </p>
        )}
      </header>
      <Authz operation={operation} />
      <Snippet title={t("request")} code={curl(operation, schemas, window.location.origin)} />
      {parameters.length > 0 && (
        <Part title={t("parameters")}>
          <Parameters parameters={parameters} />
        </Part>
      )}
      {body && (
        <Part title={t("body")}>
          <Fields schema={body} asked />
        </Part>
      )}
      <Part title={t("answers")}>
        <Answers answers={operation.answers} />
      </Part>
      <nav className={classes.ways} aria-label={t("more")}>
        {before && <Way to={before} />}
        {after && <Way to={after} forward />}
      </nav>
    </article>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className={classes.part}>{title}</h3>
      {children}
    </section>
  );
}

function Way({ to, forward }: { to: Operation; forward?: boolean }) {
  return (
    <Link to="/reference" hash={to.id} className={classes.way} data-forward={forward || undefined}>
      {!forward && <IconArrowLeft size={16} aria-hidden />}
      <span className="truncate">
        {to.method} {to.path.replace("/api/v1", "")}
      </span>
      {forward && <IconArrowRight size={16} aria-hidden />}
    </Link>
  );
}
