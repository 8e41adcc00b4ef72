import { ActionIcon, Kbd } from "@mantine/core";
import { Suspense, lazy, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CaseStem, PracticeSet } from "../api/types";
import { Loading } from "../shell/loading";
import { PageTitle } from "../shell/page_title";
import { type Shortcuts, useShortcuts } from "../shell/shortcuts";
import type { Place, Shape } from "../viewer/places";
import { ViewerPreview } from "../viewer/preview";
import { locate, seriesOf } from "../viewer/series";
import { type AnswerDraft, isComplete } from "./answer";
import { AnswerPanel, FIELDS } from "./answer_panel";
import { ShortcutList } from "./shortcut_list";
import { Timer } from "./timer";
import { useUnfinished } from "./use_unfinished";

const Viewer = lazy(() => import("../viewer/viewer"));

// Wall: the chunk with every word of what is proved is asked for only when a committed reading is shown.
const Feedback = lazy(() => import("../feedback/feedback"));

type Props = {
  set: PracticeSet;
  position: number;
  stem: CaseStem;
  /** The committed reading; null until then. */
  reading_id: string | null;
  onCommit: (answer: AnswerDraft, seconds: number) => void;
  committing: boolean;
  error: unknown;
};

export function CaseInHand({ set, position, stem, reading_id, onCommit, committing, error }: Props) {
  const { t } = useTranslation("read");
  const [help, setHelp] = useState(false);
  const [show, setShow] = useState<Place | null>(null);
  const [proved, setProved] = useState<readonly Shape[]>([]);
  const blind = reading_id === null;
  const { answer, dispatch, watch } = useUnfinished(set.set_id, stem.case_id, blind);
  const series = useMemo(() => seriesOf(stem.images), [stem.images]);
  const at = useCallback((place: Place) => locate(series, place) ?? { series: 0, slice: 0 }, [series]);
  const sliceNumber = (place: Place) => at(place).slice + 1;
  const commit = () => isComplete(answer) && !committing && onCommit(answer, Math.round(watch.seconds * 10) / 10);

  useShortcuts({ "?": () => setHelp(true) });
  useShortcuts(
    answerKeys(
      answer,
      () => dispatch({ do: "toggle normal" }),
      () => dispatch({ do: "remove last mark" }),
      commit,
    ),
    blind,
  );

  const marks = answer.marks.map((place, i): Shape => ({
    id: place.id,
    kind: "cross",
    place,
    label: String(i + 1),
    movable: true,
  }));
  const placing = {
    sized: false,
    onPlace: (place: Place) => dispatch({ do: "mark", place }),
    onMove: (id: string, place: Place) => dispatch({ do: "move mark", id, place }),
  };
  return (
    <div className="read">
      <Suspense fallback={<ViewerPreview images={stem.images} />}>
        <Viewer
          images={stem.images}
          shapes={blind ? (answer.normal ? [] : marks) : proved}
          placing={blind ? placing : null}
          show={show}
        />
      </Suspense>
      <aside className="read-panel">
        <header className="read-head">
          <PageTitle name={t("position", { position, size: set.items.length })} />
          <h1>{t("position", { position, size: set.items.length })}</h1>
          {blind && <Timer watch={watch} />}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("shortcuts_button")}
            onClick={() => setHelp(true)}
            data-testid="shortcuts"
          >
            <Kbd>?</Kbd>
          </ActionIcon>
        </header>
        <section className="read-history" aria-labelledby="history">
          <h2 id="history" className="label">
            {t("history")}
          </h2>
          <p data-testid="history">{stem.history || t("no_history")}</p>
        </section>
        {blind ? (
          <AnswerPanel {...{ answer, dispatch, sliceNumber, committing, error, onShow: setShow, onCommit: commit }} />
        ) : (
          <Suspense fallback={<Loading />}>
            <Feedback {...{ reading_id, set_id: set.set_id, locate: at, onShapes: setProved, onShow: setShow }} />
          </Suspense>
        )}
      </aside>
      <ShortcutList opened={help} onClose={() => setHelp(false)} />
    </div>
  );
}

const focusOn = (id: string) => () => document.getElementById(id)?.focus();

function answerKeys(answer: AnswerDraft, toggle: () => void, unmark: () => void, commit: () => void): Shortcuts {
  return {
    n: toggle,
    f: focusOn(FIELDS.finding),
    d: focusOn(FIELDS.diagnosis),
    c: focusOn(FIELDS.confidence),
    Backspace: unmark,
    // Enter only leads to the button: a read is final, so one stray key must not commit it.
    Enter: () => isComplete(answer) && focusOn(FIELDS.commit)(),
    "Ctrl+Enter": commit,
  };
}
