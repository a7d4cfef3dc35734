// What comes back: the good answers with their fields and an example, and for everything else the envelope of errors.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Snippet } from "~/pattern/Snippet";
import type { Answer } from "../read/document";
import { example, pretty } from "../read/example";
import classes from "./Answers.module.css";
import { Fields } from "./Fields";
import { Prose } from "./Prose";
import { useSchemas } from "./schemas";

export function Answers({ answers }: { answers: Answer[] }) {
  return (
    <div className={classes.answers}>
      {answers.map((answer) =>
        answer.status === "default" ? <Otherwise key="default" /> : <Good key={answer.status} answer={answer} />,
      )}
    </div>
  );
}

function Good({ answer }: { answer: Answer }) {
  const { t } = useTranslation("reference");
  const schemas = useSchemas();
  const json = answer.schema && answer.media[0] === "application/json";
  return (
    <div>
      <p className={classes.status}>
        <strong>{answer.status}</strong>
        {answer.description && <Prose>{answer.description}</Prose>}
        {answer.media.length > 0 && !json && <code>{answer.media.join(", ")}</code>}
        {answer.media.length === 0 && <span>{t("empty")}</span>}
      </p>
      {answer.schema && <Fields schema={answer.schema} />}
      {json && answer.schema && (
        <div className={classes.example}>
          <Snippet title={t("example")} code={pretty(example(answer.schema, schemas))} />
        </div>
      )}
    </div>
  );
}

function Otherwise() {
  const { t } = useTranslation("reference");
  return (
    <p className={classes.status} data-bad>
      <strong>4xx, 5xx</strong>
      <span>
        {t("otherwise")}{" "}
        <Link to="/reference" hash="">
          {t("otherwise_more")}
        </Link>
      </span>
    </p>
  );
}
