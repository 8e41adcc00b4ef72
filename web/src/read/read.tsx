import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, body } from "../api/client";
import type { PracticeSet } from "../api/types";
import { addMessages } from "../i18n";
import { usePracticeSet } from "../practice/queries";
import { Loading } from "../shell/loading";
import { ProblemLine } from "../shell/problem";
import { type AnswerDraft, committed } from "./answer";
import { CaseInHand } from "./case_in_hand";
import messages from "./messages.json";
import "./read.css";

addMessages("read", messages);

/** Read a case: blind until commit, then its feedback in the same place. */
export default function Read() {
  const { t } = useTranslation("read");
  const { setId = "", position = "" } = useParams();
  const { data: set, error, isPending, refetch } = usePracticeSet(setId);
  if (isPending) return <Loading />;
  if (error)
    return (
      <div className="page">
        <ProblemLine error={error} retry={() => void refetch()} />
      </div>
    );
  const item = set.items.find((one) => one.position === Number(position));
  if (!item)
    return (
      <p className="page">
        {t("no_case")} <Link to="/">{t("leave")}</Link>
      </p>
    );
  return <OpenCase set={set} item={item} />;
}

type Item = PracticeSet["items"][number];

function OpenCase({ set, item }: { set: PracticeSet; item: Item }) {
  const { case_id } = item;
  const stem = useQuery({
    queryKey: ["stem", case_id],
    queryFn: () => body(api.GET("/api/cases/{case_id}/stem", { params: { path: { case_id } } })),
  });
  const commit = useCommit(set.set_id, case_id);
  if (stem.isPending) return <Loading />;
  if (stem.error)
    return (
      <div className="page">
        <ProblemLine error={stem.error} retry={() => void stem.refetch()} />
      </div>
    );
  return (
    <CaseInHand
      set={set}
      position={item.position}
      stem={stem.data}
      reading_id={item.reading_id ?? commit.data?.reading_id ?? null}
      onCommit={(answer, seconds) => commit.mutate({ answer, seconds })}
      committing={commit.isPending}
      error={commit.error}
    />
  );
}

function useCommit(set_id: string, case_id: string) {
  const queries = useQueryClient();
  return useMutation({
    // The service gives the same reading for the same request, so a reply that was lost may be asked for again.
    mutationFn: ({ answer, seconds }: { answer: AnswerDraft; seconds: number }) =>
      body(api.POST("/api/readings", { body: { set_id, case_id, answer: committed(answer), seconds } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["practice-set"] }),
  });
}
