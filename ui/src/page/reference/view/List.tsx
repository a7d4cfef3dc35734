// Every operation by what it is about. Beside the page on wide screens, folded above it on small ones.
import { TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Fragment, useDeferredValue, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Group, type Operation, search } from "../read/document";
import classes from "./List.module.css";
import { Method } from "./Method";

interface Props {
  groups: Group[];
  chosen?: Operation;
}

export function List({ groups, chosen }: Props) {
  const { t } = useTranslation("reference");
  const [question, setQuestion] = useState("");
  const [open, setOpen] = useState(false);
  const found = search(groups, useDeferredValue(question));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a choice folds the list again
  useEffect(() => setOpen(false), [chosen?.id]);
  return (
    <nav className={classes.list} aria-label={t("list.label")} data-open={open || undefined}>
      <UnstyledButton className={classes.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="truncate">{chosen ? `${chosen.method} ${chosen.path}` : t("list.all")}</span>
        <IconChevronDown size={18} aria-hidden />
      </UnstyledButton>
      <div className={classes.body}>
        <TextInput
          type="search"
          aria-label={t("list.search")}
          placeholder={t("list.search")}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
        />
        <div className={classes.groups}>
          <Link to="/reference" hash="" className={classes.link} data-active={!chosen || undefined}>
            {t("list.intro")}
          </Link>
          {found.map((group) => (
            <Part key={group.tag} group={group} chosen={chosen?.id} />
          ))}
          {found.length === 0 && <p className={classes.none}>{t("list.none", { question })}</p>}
        </div>
      </div>
    </nav>
  );
}

function Part({ group, chosen }: { group: Group; chosen?: string }) {
  return (
    <div className={classes.group}>
      <h2 className={classes.heading} lang="en">
        {group.tag}
      </h2>
      {group.operations.map(({ id, method, path, summary }) => (
        <Link
          key={id}
          to="/reference"
          hash={id}
          className={classes.link}
          data-active={id === chosen || undefined}
          aria-current={id === chosen ? "true" : undefined}
          title={summary}
        >
          <Method method={method} short />
          <span className={classes.path}>
            <Path path={path.replace("/api/v1", "")} />
          </span>
        </Link>
      ))}
    </div>
  );
}

/** Broken after a slash before anywhere else. */
function Path({ path }: { path: string }) {
  return path.split(/(?<=\/)/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a path never move
    <Fragment key={at}>
      {part}
      <wbr />
    </Fragment>
  ));
}
