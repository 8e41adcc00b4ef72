import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import type { Draft } from "../api/types";
import { addMessages } from "../i18n";
import { Loading } from "../shell/loading";
import { PageTitle } from "../shell/page_title";
import { ProblemLine } from "../shell/problem";
import type { Place, Shape } from "../viewer/places";
import { ViewerPreview } from "../viewer/preview";
import { DraftActions } from "./actions";
import { CaseFields } from "./case_fields";
import { DraftHead } from "./draft_head";
import "./drafts.css";
import { addLesion, changeLesion, editOf, isSame, namesOf } from "./edit";
import { Lesions } from "./lesions";
import messages from "./messages.json";
import { useDraft } from "./queries";
import { DraftReport } from "./report_points";
import { Revisions } from "./revisions";

addMessages("drafts", messages);

const Viewer = lazy(() => import("../viewer/viewer"));

/** One draft: its images beside its report, to edit, approve or reject. */
export default function DraftPage() {
  const { caseId = "" } = useParams();
  const { data, error, refetch } = useDraft(caseId);
  if (error)
    return (
      <div className="page">
        <ProblemLine error={error} retry={() => void refetch()} />
      </div>
    );
  if (!data) return <Loading />;
  return <OpenDraft draft={data} onReload={() => void refetch()} />;
}

function OpenDraft({ draft, onReload }: { draft: Draft; onReload: () => void }) {
  const { t } = useTranslation("drafts");
  const [edit, setEdit] = useState(() => editOf(draft));
  const [names, setNames] = useState(() => namesOf(draft));
  if (edit.version !== draft.version) {
    // Another version was stored or fetched: go on from it, with the images as they stand.
    setEdit(editOf(draft));
    setNames(new Map([...names, ...namesOf(draft)]));
  }
  const [show, setShow] = useState<Place | null>(null);
  const [hint, setHint] = useState(false);
  const nameOf = (key: string) => names.get(key) ?? key.replaceAll("_", " ");
  const finding =
    edit.findings[0] ?? draft.observations.find(({ assertion }) => assertion === "present")?.finding ?? null;
  const shapes = edit.lesions.map((place, i): Shape => ({
    id: String(i),
    kind: "ring",
    place,
    radius: place.radius,
    label: nameOf(place.finding),
    movable: true,
  }));
  const placing = {
    sized: true,
    onPlace: (place: Place, radius: number) => {
      setHint(finding === null);
      if (finding !== null) setEdit(addLesion(edit, place, radius, finding));
    },
    onMove: (id: string, { x, y }: Place) => setEdit((now) => changeLesion(now, Number(id), { x, y })),
  };
  const shared = { draft, edit, setEdit, nameOf };
  const learn = (key: string, name: string) => setNames(new Map(names).set(key, name));
  return (
    <div className="draft">
      <Suspense fallback={<ViewerPreview images={draft.images} />}>
        <Viewer images={draft.images} shapes={shapes} placing={placing} show={show} />
      </Suspense>
      <aside className="draft-panel">
        <PageTitle name={t("title")} />
        <DraftHead draft={draft} />
        <Revisions draft={draft} />
        <DraftReport {...shared} onNeedFinding={() => setHint(true)} onShow={setShow} />
        {hint && finding === null && (
          <p className="problem" role="alert">
            {t("no_finding_yet")}
          </p>
        )}
        <Lesions {...shared} onShow={setShow} />
        <CaseFields {...shared} onName={learn} />
        <DraftActions draft={draft} edit={edit} changed={!isSame(edit, editOf(draft))} onReload={onReload} />
      </aside>
    </div>
  );
}
