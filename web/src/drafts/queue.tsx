import { Button, Group, SegmentedControl, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import type { DraftPage } from "../api/types";
import { addMessages } from "../i18n";
import { PageTitle } from "../shell/page_title";
import { ProblemLine } from "../shell/problem";
import { useShortcuts } from "../shell/shortcuts";
import "./drafts.css";
import messages from "./messages.json";
import { PAGE_SIZE, type QueueStatus, useQueue } from "./queries";
import { QueueTable } from "./queue_table";

addMessages("drafts", messages);

const STATUSES: QueueStatus[] = ["draft", "approved", "rejected"];

/** Drafts: the educator's queue. */
export default function Drafts() {
  const { t } = useTranslation("drafts");
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const status = STATUSES.find((one) => one === params.get("status")) ?? "draft";
  const offset = Number(params.get("offset")) || 0;
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 250);
  const [at, setAt] = useState(0);
  const [byKey, setByKey] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const { data, error, refetch } = useQueue(status, q, offset);
  const items = data?.items ?? [];
  const turn = (to: { status?: QueueStatus; offset?: number }) => {
    setAt(0);
    setByKey(false);
    setParams({ status: to.status ?? status, offset: String(to.offset ?? 0) });
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
          value={status}
          onChange={(value) => turn({ status: value as QueueStatus })}
          data={STATUSES.map((value) => ({
            value,
            label: t("tab", { status: t(`status_${value}`), count: data?.counts[value] ?? "" }),
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
        <span className="quiet">{t("keys")}</span>
      </div>
      <ProblemLine error={error} retry={() => void refetch()} />
      {data && <QueueTable items={items} at={at} byKey={byKey} onOpen={open} />}
      {data && <Pager page={data} offset={offset} onTurn={(to) => turn({ offset: to })} />}
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
