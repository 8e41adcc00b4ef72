import { Button, Group, SegmentedControl, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import type { DraftPage } from "../api/types";
import { addMessages } from "../i18n";
import { PageTitle } from "../shell/page_title";
import { ProblemLine } from "../shell/problem";
import { useShortcuts } from "../shell/shortcuts";
import "./drafts.css";
import messages from "./messages.json";
import { Normals } from "./normals";
import { LISTS, type List, PAGE_SIZE, countOf, useQueue } from "./queries";
import { QueueTable } from "./queue_table";

addMessages("drafts", messages);

/** Drafts: the educator's queue. */
export default function Drafts() {
  const { t } = useTranslation("drafts");
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const list = LISTS.find((one) => one === params.get("list")) ?? "ready";
  const offset = Number(params.get("offset")) || 0;
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 250);
  const [at, setAt] = useState(0);
  const [byKey, setByKey] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const { data, error, refetch } = useQueue(list, q, offset);
  const items = data?.items ?? [];
  const isDraft = list === "ready" || list === "waiting";
  const turn = (to: { list?: List; offset?: number }) => {
    setAt(0);
    setByKey(false);
    setParams({ list: to.list ?? list, offset: String(to.offset ?? 0) });
  };
  const open = (case_id: string | undefined) => case_id && void navigate(`/drafts/${case_id}`);
  const step = (by: number) => {
    setAt(Math.max(0, Math.min(items.length - 1, at + by)));
    setByKey(true);
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    Enter: () => open(items[at]?.case_id),
    "/": () => search.current?.focus(),
  });
  return (
    <div className="page page-wide">
      <div className="queue-head">
        <PageTitle name={t("title")} />
        <Title order={1}>{t("title")}</Title>
        <SegmentedControl
          aria-label={t("status")}
          value={list}
          onChange={(value) => turn({ list: value as List })}
          data={LISTS.map((value) => ({
            value,
            label: t("tab", { list: t(`list_${value}`), number: countOf(value, data) }),
          }))}
          data-testid="draft-status"
        />
        <TextInput
          ref={search}
          aria-label={t("search")}
          placeholder={t("search")}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            turn({});
          }}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          data-testid="draft-search"
          w={280}
        />
        <Button component={Link} to="/new-case" variant="default" className="queue-new" data-testid="to-new-case">
          {t("new_case")}
        </Button>
      </div>
      <ProblemLine error={error} retry={() => void refetch()} />
      {items.length > 0 && (
        <p className="quiet queue-order">
          <span>{isDraft && t(`order_${list}`)}</span>
          <span>{t("keys")}</span>
        </p>
      )}
      {data && <QueueTable list={list} items={items} at={at} byKey={byKey} onOpen={open} />}
      {data && <Pager page={data} offset={offset} onTurn={(to) => turn({ offset: to })} />}
      {isDraft && <Normals />}
    </div>
  );
}

function Pager({ page, offset, onTurn }: { page: DraftPage; offset: number; onTurn: (offset: number) => void }) {
  const { t } = useTranslation("drafts");
  if (page.total === 0) return null;
  const to = Math.min(page.total, offset + PAGE_SIZE);
  return (
    <Group mt="md" gap="sm">
      <Button
        variant="default"
        size="xs"
        disabled={offset === 0}
        onClick={() => onTurn(Math.max(0, offset - PAGE_SIZE))}
      >
        {t("previous")}
      </Button>
      <span className="quiet" data-testid="draft-total">
        {t("page", { from: offset + 1, to, total: page.total })}
      </span>
      <Button variant="default" size="xs" disabled={to >= page.total} onClick={() => onTurn(offset + PAGE_SIZE)}>
        {t("next")}
      </Button>
    </Group>
  );
}
