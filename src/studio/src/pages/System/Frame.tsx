import { useMemo, type ReactNode } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { CopyAsCli } from "../../components/CopyAsCli";
import { useKeys } from "../../components/Shell/keys";
import { usePage } from "../../components/Shell/page";
import { system as words } from "../../text/operate";
import { nav } from "../../text/strings";
import "./style.css";

const tabs = [
  { path: "/system", label: words.overview }, { path: "/system/users", label: words.users }, { path: "/system/keys", label: words.keys }, { path: "/system/audit", label: words.audit },
] as const;

/** Head of the four pages of the system, with the way to the others. */
export function Frame({ sub, tools, cli, children }: { sub?: ReactNode; tools?: ReactNode; cli: readonly string[]; children: ReactNode }) {
  const { pathname } = useLocation();
  const go = useNavigate();
  const here = tabs.find((t) => t.path === pathname.replace(/\/$/, "")) ?? tabs[0];
  usePage(here.path === "/system" ? nav.system : here.label, useMemo(() => (here.path === "/system" ? [{ label: nav.system }] : [{ label: nav.system, to: "/system" }, { label: here.label }]), [here]));
  useKeys({ u: () => void go("/system/users"), a: () => void go("/system/audit") });
  return (
    <div className="pg system">
      <div className="hd">
        <h1>{here.path === "/system" ? nav.system : here.label}</h1>
        <span className="sub">{sub}</span>
        <span className="sp" />
        {tools}
        <CopyAsCli command={cli} />
      </div>
      <nav className="sys-tabs" aria-label={words.tabs}>
        {tabs.map((t) => (
          <Link key={t.path} to={t.path} aria-current={t === here ? "page" : undefined} className={t === here ? "on" : undefined}>
            {t.label}
          </Link>
        ))}
      </nav>
      {children}
    </div>
  );
}
