import { Button } from "@mantine/core";
import { type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink } from "react-router";
import type { Me, Permission } from "../api/types";
import { Loading } from "./loading";
import { may, useSignOut } from "./session";

const PAGES: { to: string; name: string; permission: Permission }[] = [
  { to: "/", name: "practice", permission: "practise" },
  { to: "/progress", name: "progress", permission: "practise" },
  { to: "/drafts", name: "drafts", permission: "edit_drafts" },
  { to: "/new-case", name: "new_case", permission: "edit_drafts" },
  { to: "/misses", name: "misses", permission: "see_misses" },
  { to: "/admin", name: "admin", permission: "administer" },
];

/** The first page an account may see. */
export function homeOf(me: Me): string | null {
  return PAGES.find((page) => may(me, page.permission))?.to ?? null;
}

export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const { t } = useTranslation("shell");
  const signOut = useSignOut();
  return (
    <div className="shell">
      <a href="#main" className="skip">
        {t("skip")}
      </a>
      <header className="shell-top">
        {me.demo && (
          <p className="shell-demo" data-testid="demo-banner">
            {t("demo")}
          </p>
        )}
        <div className="shell-header">
          <Link to={homeOf(me) ?? "/"} className="wordmark">
            <img src="/icon.svg" alt="" /> {t("name")}
          </Link>
          <nav className="shell-nav" aria-label={t("nav.label")}>
            {PAGES.filter((page) => may(me, page.permission)).map((page) => (
              <NavLink key={page.to} to={page.to} end={page.to === "/"} data-testid={`nav-${page.name}`}>
                {t(`nav.${page.name}`)}
              </NavLink>
            ))}
          </nav>
          <span className="shell-who">{t("signed_in", { name: me.name, department: me.department.name })}</span>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={() => signOut.mutate()}
            data-testid="sign-out"
          >
            {t("sign_out")}
          </Button>
        </div>
      </header>
      <main id="main" className="shell-main" tabIndex={0}>
        <Suspense fallback={<Loading />}>{children}</Suspense>
      </main>
    </div>
  );
}
