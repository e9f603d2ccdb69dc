import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { changePlan, changeRole, createLink, createUser, disableUser, enableUser, endSessions, type UserAnswer } from "../../api/client";
import { meQuery, useBarrier } from "../../api/rights";
import { CommandLine } from "../../components/CopyAsCli";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { SecretShown } from "../../components/SecretShown";
import { useAddress } from "../../components/Shell/address";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { useKeys } from "../../components/Shell/keys";
import { count, many } from "../../text/format";
import { people as words, plans, roleHints } from "../../text/operate";
import { Frame } from "./Frame";
import { keysQuery, sessionsQuery, usersQuery } from "./queries";

type Doing = "add" | "link" | "role" | "plan" | "disable" | "enable" | "sign-out";

/** Who there is, and decisions about them. */
export function UsersPage() {
  const { data, error, refetch } = useQuery(usersQuery);
  const me = useQuery(meQuery).data;
  const barred = useBarrier("administer");
  const [search, setSearch] = useAddress();
  const [link, setLink] = useState<{ user: string; url: string } | null>(null);
  const selected = data?.find((u) => u.id === search.get("sel"));
  const doing = search.get("do") as Doing | null;
  const act = (user: string | null, what: Doing | null): void =>
    setSearch((was) => {
      const next = new URLSearchParams(was);
      for (const [name, value] of [["sel", user], ["do", what]] as const) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      return next;
    }, { replace: true });
  const close = (): void => act(selected?.id ?? null, null);
  const at = data?.findIndex((u) => u === selected) ?? -1;
  useKeys({
    j: () => data?.[Math.min(data.length - 1, at + 1)] && act(data[Math.min(data.length - 1, at + 1)]!.id, null),
    k: () => data?.[Math.max(0, at - 1)] && act(data[Math.max(0, at - 1)]!.id, null),
  });

  return (
    <Frame
      sub={data === undefined ? "" : `${many(data.length, "user", "users")}, ${count(data.filter((u) => u.is_active).length)} active`}
      cli={["./sigmatiq", "users", "list"]}
      tools={
        <button type="button" className="btn p" disabled={barred !== null} title={barred ?? undefined} onClick={() => act(null, "add")}>
          <Icon name="plus" size={14} />
          {words.add}
        </button>
      }
    >
      {barred === null ? null : (
        <p className="sm t-warn sys-barred">
          {barred} {me?.role === "operator" ? <>{words.byCommand} <CommandLine command={["./sigmatiq", "users", "role", me.id, "admin", "--reason", "TEXT"]} /></> : null}
        </p>
      )}
      <div className="sys-side">
        <section className="card" aria-label="Users">
          {error !== null && data === undefined ? (
            <ErrorPanel error={error} onRetry={() => void refetch()} what={words.unread} />
          ) : data === undefined ? (
            <SkeletonRows rows={4} />
          ) : (
            <div className="scroll-x">
              <table className="table users">
                <thead>
                  <tr>
                    <th scope="col">{words.name}</th>
                    <th scope="col">{words.role}</th>
                    <th scope="col">{words.plan}</th>
                    <th scope="col">{words.state}</th>
                    <th scope="col">{words.since}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.map((u) => (
                    <tr key={u.id} id={`u-${u.id}`} className={u === selected ? "sel" : undefined} onClick={() => act(u.id, null)}>
                      <td data-l="name">
                        <button type="button" className="name" onClick={() => act(u.id, null)}>
                          <OtherText most={40}>{u.name}</OtherText>
                        </button>{" "}
                        <span className="mono mut">{u.id}</span> {u.id === me?.id ? <span className="b idle">{words.you}</span> : null}
                      </td>
                      <td data-l="role" title={roleHints[u.role]}>{u.role}</td>
                      <td data-l="plan">{u.plan}</td>
                      <td data-l="state">
                        <StateBadge state={u.is_active ? "ok" : "skipped"} label={u.is_active ? words.active : words.disabled} plain />
                      </td>
                      <td data-l="since">
                        <TimeText at={u.is_active ? u.created_at_utc : u.disabled_at_utc} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </section>
        <section className="card" aria-label={selected === undefined ? words.sessions : selected.name}>
          {selected === undefined ? <p className="op-note sub">{words.pick}</p> : <Person user={selected} barred={barred} isMe={selected.id === me?.id} onAct={(what) => act(selected.id, what)} />}
        </section>
      </div>
      {doing === "add" && barred === null ? <Add onClose={() => act(null, null)} onAdded={(id) => act(id, null)} /> : null}
      {selected !== undefined && doing !== null && doing !== "add" && (barred === null || (doing === "sign-out" && selected.id === me?.id)) ? <Decision user={selected} doing={doing} session={search.get("session")} onClose={close} onLink={setLink} /> : null}
      {link === null ? null : <SecretShown title={`${words.linkTitle} for ${link.user}`} why={words.linkWhy} secret={link.url} done={words.secretDone} onClose={() => setLink(null)} />}
    </Frame>
  );
}

function Person({ user, barred, isMe, onAct }: { user: UserAnswer; barred: string | null; isMe: boolean; onAct(what: Doing): void }) {
  const mayLook = barred === null || isMe;
  const sessions = useQuery({ ...sessionsQuery(user.id), enabled: mayLook });
  const button = (what: Doing, label: string, danger = false): ReactNode => (
    <button type="button" className={danger ? "btn s d" : "btn s"} disabled={barred !== null} title={barred ?? undefined} onClick={() => onAct(what)}>
      {label}
    </button>
  );
  return (
    <>
      <div className="ch">
        <h2>
          <OtherText most={40}>{user.name}</OtherText>
        </h2>
        <span className="s">
          {user.role}, {roleHints[user.role] ?? ""}
        </span>
      </div>
      <div className="person-acts">
        {user.is_active ? (
          <>
            {button("link", words.link)}
            {button("role", words.changeRole)}
            {button("plan", words.changePlan)}
            {button("disable", words.disable, true)}
          </>
        ) : (
          button("enable", words.enable)
        )}
      </div>
      <h3 className="sys-h">{words.sessions}</h3>
      {!mayLook ? (
        <p className="op-note sm mut">{barred}</p>
      ) : sessions.error !== null && sessions.data === undefined ? (
        <ErrorPanel error={sessions.error} onRetry={() => void sessions.refetch()} what={words.sessionsUnread} />
      ) : sessions.data === undefined ? (
        <SkeletonRows rows={1} height={38} />
      ) : sessions.data.length === 0 ? (
        <p className="op-note sm mut">{words.sessionsNone}</p>
      ) : (
        <>
          <ul className="op-lines">
            {sessions.data.map((s) => (
              <li key={s.id}>
                <span className="op-lines-m">
                  Since <TimeText at={s.created_at_utc} /> <span className="sub">until <TimeText at={s.expires_at_utc} /></span> {s.is_this ? <span className="b idle">{words.thisOne}</span> : null}
                </span>
              </li>
            ))}
          </ul>
          <div className="person-acts">
            <button type="button" className="btn s d" onClick={() => onAct("sign-out")}>
              {words.signOutAll}
            </button>
          </div>
        </>
      )}
    </>
  );
}

function Add({ onClose, onAdded }: { onClose(): void; onAdded(id: string): void }) {
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState("viewer");
  const [plan, setPlan] = useState("free");
  const queries = useQueryClient();
  const toast = useToast();
  return (
    <PreviewDialog
      title="Add a user" open onClose={onClose} confirm="Add" reason effects={[<>{name === "" ? "They" : <OtherText key="n">{name}</OtherText>} may do what {role === "admin" || role === "operator" || role === "approver" ? "an" : "a"} {role} does: {roleHints[role]}.</>, "They sign in by a one-time link that you make next."]}
      cli={(reason) => ["./sigmatiq", "users", "add", id || "ID", "--name", name || "NAME", "--role", role, "--plan", plan, "--reason", reason]}
      onConfirm={async (reason) => {
        const made = await createUser({ body: { id: id.trim(), name: name.trim(), role, plan, reason } });
        toast({ tone: "ok", text: `${made.name} is added.` });
        await queries.invalidateQueries({ queryKey: ["people"] });
        // The dialog closes itself first; then the new user is chosen.
        setTimeout(() => onAdded(made.id), 0);
      }}
    >
      <div className="two">
        <Text label={words.id} value={id} onChange={setId} help="a to z, 0 to 9, dot, dash; it stays" focus />
        <Text label={words.name} value={name} onChange={setName} help="as others read it" />
        <Choice label={words.role} value={role} options={Object.keys(roleHints)} onChange={setRole} />
        <Choice label={words.plan} value={plan} options={plans} onChange={setPlan} />
      </div>
    </PreviewDialog>
  );
}

function Text({ label, value, onChange, help, focus }: { label: string; value: string; onChange(text: string): void; help: string; focus?: boolean }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" value={value} onChange={(e) => onChange(e.target.value)} aria-describedby={`${id}-h`} autoComplete="off" spellCheck={false} data-autofocus={focus} required />
      <span className="help" id={`${id}-h`}>{help}</span>
    </div>
  );
}

function Choice({ label, value, options, onChange }: { label: string; value: string; options: readonly string[]; onChange(value: string): void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(e) => onChange(e.target.value)}>
        {options.map((o) => (
          <option key={o}>{o}</option>
        ))}
      </select>
    </div>
  );
}

function Decision({ user, doing, session, onClose, onLink }: { user: UserAnswer; doing: Exclude<Doing, "add">; session: string | null; onClose(): void; onLink(link: { user: string; url: string }): void }) {
  const queries = useQueryClient();
  const toast = useToast();
  const sessions = useQuery(sessionsQuery(user.id)).data?.length;
  const keys = useQuery(keysQuery).data?.filter((k) => k.user === user.id && k.state === "active").length;
  const [role, setRole] = useState(user.role);
  const [plan, setPlan] = useState(user.plan);
  const body = (reason: string) => ({ id: user.id, body: { reason } });
  const all: Record<Exclude<Doing, "add">, { title: string; confirm: string; danger?: boolean; effects: readonly string[]; stays?: readonly string[]; cli(reason: string): string[]; done: string; run(reason: string): Promise<unknown>; children?: ReactNode }> = {
    link: {
      title: `Sign-in link for ${user.name}`, confirm: "Make the link", effects: ["It signs in whoever opens it first, once, within 15 minutes.", "It is shown once."], cli: (r) => ["users", "link", user.id, "--reason", r], done: "The link is made.",
      run: async (reason) => onLink({ user: user.name, url: (await createLink(body(reason))).url }),
    },
    role: {
      title: `Another role for ${user.name}`, confirm: "Change", effects: [`${user.role} becomes ${role}: ${roleHints[role] ?? ""}.`, "It holds from their next request and vote on."], cli: (r) => ["users", "role", user.id, role, "--reason", r], done: `${user.name} is ${role}.`,
      run: (reason) => changeRole({ id: user.id, body: { role, reason } }), children: <Choice label={words.role} value={role} options={Object.keys(roleHints)} onChange={setRole} />,
    },
    plan: {
      title: `Another plan for ${user.name}`, confirm: "Change", effects: [`${user.plan} becomes ${plan}: what sweeps they may run.`], cli: (r) => ["users", "plan", user.id, plan, "--reason", r], done: `${user.name} has the plan ${plan}.`,
      run: (reason) => changePlan({ id: user.id, body: { plan, reason } }), children: <Choice label={words.plan} value={plan} options={plans} onChange={setPlan} />,
    },
    disable: {
      title: `Disable ${user.name}`, confirm: "Disable", danger: true, effects: [`${sessions === undefined ? "Their sessions end" : many(sessions, "open session ends", "open sessions end")} at once, streams too.`, keys === 0 ? "Links that were not opened are void; they have no key." : `${keys === undefined ? "Their keys are" : many(keys, "key is", "keys are")} void for good, and so are links that were not opened.`, "They have no vote; votes that were handed to them lapse."],
      stays: ["What they did stays, with their name."], cli: (r) => ["users", "disable", user.id, "--reason", r], done: `${user.name} is shut out.`, run: (reason) => disableUser(body(reason)),
    },
    enable: {
      title: `Enable ${user.name}`, confirm: "Enable", effects: [`They are ${user.role} again, by a new link and new keys.`], stays: ["Keys and links of before stay void."], cli: (r) => ["users", "enable", user.id, "--reason", r], done: `${user.name} is let in again.`, run: (reason) => enableUser(body(reason)),
    },
    "sign-out": {
      title: `Sign ${user.name} out`, confirm: "Sign out", danger: true, effects: [`${sessions === undefined ? "Their sessions end" : many(sessions, "session ends", "sessions end")} at once.`], stays: ["Keys of programs go on."],
      cli: (r) => ["users", "sign-out", user.id, "--reason", r], done: `${user.name} is signed out.`, run: (reason) => endSessions({ id: user.id, body: { session, reason } }),
    },
  };
  const what = all[doing];
  return (
    <PreviewDialog
      title={what.title} open onClose={onClose} confirm={what.confirm} danger={what.danger === true} reason effects={what.effects} stays={what.stays ?? []} cli={(reason) => ["./sigmatiq", ...what.cli(reason)]}
      onConfirm={async (reason) => {
        await what.run(reason);
        toast({ tone: "ok", text: what.done });
        await queries.invalidateQueries({ queryKey: ["people"] });
      }}
    >
      {what.children}
    </PreviewDialog>
  );
}
