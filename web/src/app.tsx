import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, Route, Routes, useLocation } from "react-router";
import type { Me, Permission } from "./api/types";
import { Boundary } from "./shell/boundary";
import { Loading } from "./shell/loading";
import { ProblemLine } from "./shell/problem";
import { may, useMe } from "./shell/session";
import { Shell, homeOf } from "./shell/shell";
import { SignIn } from "./shell/sign_in";

// Each page is a chunk of its own, fetched when it is opened: what an account may not see never reaches its browser.
const Practice = lazy(() => import("./practice/practice"));
const Read = lazy(() => import("./read/read"));
const Progress = lazy(() => import("./progress/progress"));
const Drafts = lazy(() => import("./drafts/queue"));
const DraftPage = lazy(() => import("./drafts/draft"));
const NewCase = lazy(() => import("./new_case/new_case"));
const Misses = lazy(() => import("./misses/misses"));
const Admin = lazy(() => import("./admin/admin"));

export function App() {
  const { data: me, error, isPending, refetch } = useMe();
  if (isPending) return <Loading />;
  if (error)
    return (
      <main className="page">
        <ProblemLine error={error} retry={() => void refetch()} />
      </main>
    );
  return me ? <Pages me={me} /> : <SignIn />;
}

function Pages({ me }: { me: Me }) {
  const { t } = useTranslation("shell");
  const { pathname } = useLocation();
  const only = (permission: Permission, page: React.ReactNode) =>
    may(me, permission) ? page : <p className="page">{t("not_permitted")}</p>;
  const home = homeOf(me);
  return (
    <Shell me={me}>
      <Boundary key={pathname} fallback={<p className="page problem">{t("page_failed")}</p>}>
        <Routes>
          <Route
            path="/"
            element={home && home !== "/" ? <Navigate to={home} replace /> : only("practise", <Practice />)}
          />
          <Route path="/read/:setId/:position" element={only("practise", <Read />)} />
          <Route path="/progress" element={only("practise", <Progress />)} />
          <Route path="/drafts" element={only("edit_drafts", <Drafts />)} />
          <Route path="/drafts/:caseId" element={only("edit_drafts", <DraftPage key={pathname} />)} />
          <Route path="/new-case" element={only("edit_drafts", <NewCase me={me} />)} />
          <Route path="/misses" element={only("see_misses", <Misses />)} />
          <Route path="/admin" element={only("administer", <Admin />)} />
          <Route path="*" element={<p className="page">{t("not_found")}</p>} />
        </Routes>
      </Boundary>
    </Shell>
  );
}
