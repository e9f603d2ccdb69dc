using System.Text.RegularExpressions;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Journal;

/// <summary>An open designer.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="UserName">Their name.</param>
/// <param name="TabId">The tab.</param>
/// <param name="BaseVersion">The version that is edited; null for a workflow that is new.</param>
/// <param name="SeenAtUtc">When it was there last.</param>
public sealed record WorkflowEditorRow(string UserId, string UserName, string TabId, string? BaseVersion, DateTimeOffset SeenAtUtc);

/// <summary>Who has the designer of which workflow open. A tab says every few seconds that it is still there; one that stops saying so has left.</summary>
public sealed partial class WorkflowEditors(IRowStore rows, TimeProvider clock)
{
    /// <summary>After so long without a word a tab has left.</summary>
    public static TimeSpan GoneAfter { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The open designers of a workflow, by name.</summary>
    public Task<IReadOnlyList<WorkflowEditorRow>> ListAsync(string workflow, CancellationToken ct) => rows.QueryAsync<WorkflowEditorRow>(
        "select user_id, user_name, tab_id, base_version, seen_at_utc from workflow_editors where workflow_id = @workflow and seen_at_utc > @Since order by user_name, user_id, tab_id",
        new { workflow, Since = clock.GetUtcNow() - GoneAfter }, ct);

    /// <summary>Says that somebody's tab is there.</summary>
    /// <exception cref="ProblemException">WFL-1011: the id is no name, or the tab no id.</exception>
    public async Task KeepAsync(string workflow, string user, string name, string tab, string? madeFrom, CancellationToken ct)
    {
        if (!Names.IsName(workflow))
        {
            throw new ProblemException(WorkflowCodes.BadValue, $"'{workflow}' is no name of a workflow.", "id", "Use lower-case letters, digits and underscores, a letter first.", ExitCode.BadUsage);
        }

        if (!Tab().IsMatch(tab))
        {
            throw new ProblemException(WorkflowCodes.BadValue, "A tab is named by 8 to 40 letters, digits and hyphens.", "tab", "Send the same random id for as long as the tab is open.", ExitCode.BadUsage);
        }

        DateTimeOffset now = clock.GetUtcNow();
        await rows.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync("delete from workflow_editors where seen_at_utc <= @Since", new { Since = now - GoneAfter }, ct);
            await tx.ExecuteAsync(
                """
                insert into workflow_editors (workflow_id, user_id, tab_id, user_name, base_version, seen_at_utc) values (@workflow, @user, @tab, @name, @madeFrom, @now)
                on conflict (workflow_id, user_id, tab_id) do update set user_name = excluded.user_name, base_version = excluded.base_version, seen_at_utc = excluded.seen_at_utc
                """,
                new { workflow, user, tab, name, madeFrom, now }, ct);
        }, ct);
    }

    /// <summary>Says that somebody's tab was closed.</summary>
    public Task LeaveAsync(string workflow, string user, string tab, CancellationToken ct) =>
        rows.ExecuteAsync("delete from workflow_editors where workflow_id = @workflow and user_id = @user and tab_id = @tab", new { workflow, user, tab }, ct);

    /// <summary>Says something else whenever somebody opened or left a designer, went on from another version, or began or let go a draft.</summary>
    public async Task<string> StampAsync(CancellationToken ct) => ContentHash.Of(string.Join('\n', await rows.QueryAsync<string>(
        """
        select workflow_id || ' ' || user_id || ' ' || tab_id || ' ' || coalesce(base_version, '') as who from workflow_editors where seen_at_utc > @Since
        union all
        select workflow_id || ' ' || user_id || ' ' || coalesce(base_version, '') as who from workflow_drafts
        order by who
        """,
        new { Since = clock.GetUtcNow() - GoneAfter }, ct))).Short;

    [GeneratedRegex("^[A-Za-z0-9-]{8,40}$")]
    private static partial Regex Tab();
}
