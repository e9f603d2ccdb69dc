import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { createKey, revokeKey, type KeyAnswer } from "../../api/client";
import { meQuery, rolesQuery, useBarrier } from "../../api/rights";
import { EmptyState } from "../../components/EmptyState";
import { ErrorPanel } from "../../components/ErrorPanel";
import { Icon } from "../../components/Icon";
import { OtherText } from "../../components/OtherText";
import { PreviewDialog } from "../../components/PreviewDialog";
import { SecretShown } from "../../components/SecretShown";
import { SkeletonRows } from "../../components/Skeleton";
import { StateBadge } from "../../components/StateBadge";
import { TimeText } from "../../components/TimeText";
import { useToast } from "../../components/Toasts";
import { many } from "../../text/format";
import { people as words, scopeHints } from "../../text/operate";
import { Frame } from "./Frame";
import { scopesFor } from "./facts";
import { keysQuery, usersQuery } from "./queries";

/** Keys of programs: one's own, or all of them for who administers. */
export function KeysPage() {
  const { data, error, refetch } = useQuery(keysQuery);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [revoked, setRevoked] = useState<KeyAnswer | null>(null);
  const queries = useQueryClient();
  const toast = useToast();
  const active = data?.filter((k) => k.state === "active").length ?? 0;
  return (
    <Frame
      sub={data === undefined ? "" : `${many(active, "active key", "active keys")} of ${data.length}`}
      cli={["./sigmatiq", "keys", "list"]}
      tools={
        <button type="button" className="btn p" onClick={() => setMaking(true)}>
          <Icon name="plus" size={14} />
          {words.makeKey}
        </button>
      }
    >
      <section className="card" aria-label="Keys">
        {error !== null && data === undefined ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} what={words.keysUnread} />
        ) : data === undefined ? (
          <SkeletonRows rows={3} />
        ) : data.length === 0 ? (
          <EmptyState what={words.keysNone} why={words.keysNoneWhy} cli={["./sigmatiq", "keys", "make", "nightly sweeps", "--scope", "read", "run", "--reason", "TEXT"]} />
        ) : (
          <div className="scroll-x">
            <table className="table keys">
              <thead>
                <tr>
                  <th scope="col">{words.forWhat}</th>
                  <th scope="col">{words.owner}</th>
                  <th scope="col">{words.scopes}</th>
                  <th scope="col">{words.state}</th>
                  <th scope="col">{words.expires}</th>
                  <th scope="col">{words.used}</th>
                  <th scope="col">
                    <span className="sr">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.map((k) => (
                  <tr key={k.id} id={`k-${k.id}`}>
                    <td data-l="name">
                      <OtherText most={40} className="name">
                        {k.name}
                      </OtherText>{" "}
                      <code className="mut">{k.id}</code>
                    </td>
                    <td data-l="owner">
                      <OtherText>{k.user}</OtherText>
                    </td>
                    <td data-l="scopes">{k.scopes.join(", ")}</td>
                    <td data-l="state">
                      <StateBadge state={k.state === "active" ? "ok" : k.state === "revoked" ? "failed" : "skipped"} label={k.state[0]!.toUpperCase() + k.state.slice(1)} plain />
                    </td>
                    <td data-l="until">
                      <TimeText at={k.revoked_at_utc ?? k.expires_at_utc} />
                    </td>
                    <td data-l="used">{k.last_used_at_utc === null ? <span className="mut">{words.never}</span> : <TimeText at={k.last_used_at_utc} />}</td>
                    <td data-l="do">
                      <span className="op-acts">
                        <button type="button" className="btn s d" disabled={k.state !== "active"} title={k.state === "active" ? undefined : `It is ${k.state}.`} onClick={() => setRevoked(k)} aria-label={`${words.revoke} ${k.name}`}>
                          {words.revoke}
                        </button>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {making ? <Make onClose={() => setMaking(false)} onMade={setSecret} /> : null}
      {secret === null ? null : <SecretShown title={words.keyTitle} why={words.keyWhy} secret={secret} done={words.secretDone} onClose={() => setSecret(null)} />}
      <PreviewDialog
        title={`Revoke ${revoked?.name ?? ""}`} open={revoked !== null} onClose={() => setRevoked(null)} confirm="Revoke" danger reason
        effects={["From its next request on it is refused.", revoked?.last_used_at_utc ? <>It was used last at <TimeText key="t" at={revoked.last_used_at_utc} />.</> : "It was never used."]} stays={["Nothing brings it back; make another."]}
        cli={(reason) => ["./sigmatiq", "keys", "revoke", revoked?.id ?? "", "--reason", reason]}
        onConfirm={async (reason) => {
          await revokeKey({ id: revoked!.id, body: { reason } });
          toast({ tone: "ok", text: `${revoked!.name} is void.` });
          await queries.invalidateQueries({ queryKey: ["people"] });
        }}
      />
    </Frame>
  );
}

function Make({ onClose, onMade }: { onClose(): void; onMade(secret: string): void }) {
  const me = useQuery(meQuery).data;
  const administers = useBarrier("administer") === null;
  const users = useQuery({ ...usersQuery, enabled: administers }).data;
  const [owner, setOwner] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [ticked, setScopes] = useState<readonly string[]>(["read"]);
  const [days, setDays] = useState(90);
  const id = useId();
  const queries = useQueryClient();
  const who = owner ?? me?.id ?? "";
  const roles = useQuery(rolesQuery).data;
  const role = who === me?.id ? me.role : users?.find((u) => u.id === who)?.role;
  const offered = scopesFor(who === me?.id ? me.rights : (roles?.find((r) => r.id === role)?.rights ?? []));
  const scopes = ticked.filter((s) => offered.includes(s));
  return (
    <PreviewDialog
      title="Make a key" open onClose={onClose} confirm="Make the key" reason
      effects={[`A program with it may ${scopes.length === 0 ? "do nothing" : scopes.map((s) => scopeHints[s] ?? s).join("; ")}, as far as ${who === me?.id ? "you" : who} may.`, `It ends after ${many(days, "day", "days")}, with its owner's account, or when it is revoked.`, "It is shown once."]}
      cli={(reason) => ["./sigmatiq", "keys", "make", name || "NAME", "--user", who, "--scope", ...scopes, "--days", String(days), "--reason", reason]}
      onConfirm={async (reason) => {
        const made = await createKey({ body: { user: owner, name, scopes: [...scopes], days, reason } });
        onMade(made.secret);
        await queries.invalidateQueries({ queryKey: ["people"] });
      }}
    >
      <div className="two">
        <div className="field">
          <label htmlFor={`${id}-n`}>{words.forWhat}</label>
          <input id={`${id}-n`} className="input" value={name} onChange={(e) => setName(e.target.value)} autoComplete="off" data-autofocus required />
        </div>
        <div className="field">
          <label htmlFor={`${id}-d`}>{words.days}</label>
          <input id={`${id}-d`} className="input" type="number" min={1} max={366} value={days} onChange={(e) => setDays(Number(e.target.value))} required />
        </div>
        {administers ? (
          <div className="field">
            <label htmlFor={`${id}-u`}>{words.owner}</label>
            <select id={`${id}-u`} className="input" value={who} onChange={(e) => setOwner(e.target.value)}>
              {(users ?? []).filter((u) => u.is_active).map((u) => (
                <option key={u.id}>{u.id}</option>
              ))}
            </select>
          </div>
        ) : null}
        <fieldset className="field scopes">
          <legend className="label">{words.scopes}</legend>
          {Object.entries(scopeHints).map(([scope, hint]) => (
            <label key={scope} className={offered.includes(scope) ? "tick-row" : "tick-row mut"}>
              <input type="checkbox" disabled={!offered.includes(scope)} checked={scopes.includes(scope)} onChange={(e) => setScopes((was) => (e.target.checked ? [...was, scope] : was.filter((s) => s !== scope)))} /> {scope} <span className="mut sm">{offered.includes(scope) ? hint : `the role ${role ?? ""} ${words.noScope}`}</span>
            </label>
          ))}
        </fieldset>
      </div>
    </PreviewDialog>
  );
}
