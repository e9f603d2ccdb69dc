using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Journal;

/// <summary>What somebody has written of a workflow and not saved as a version yet.</summary>
/// <param name="UserId">Who.</param>
/// <param name="UserName">Their name.</param>
/// <param name="BaseVersion">The version that it was made from; null for a new workflow.</param>
/// <param name="Text">The text, which need not be a workflow yet.</param>
/// <param name="SavedAtUtc">When it was kept last.</param>
public sealed record WorkflowDraftRow(string UserId, string UserName, string? BaseVersion, string Text, DateTimeOffset SavedAtUtc);

/// <summary>That somebody has a draft, without its text.</summary>
/// <param name="WorkflowId">Of which workflow.</param>
/// <param name="BaseVersion">The version that it was made from; null for a new workflow.</param>
/// <param name="SavedAtUtc">When it was kept last.</param>
public sealed record OwnDraftRow(string WorkflowId, string? BaseVersion, DateTimeOffset SavedAtUtc);

/// <summary>Drafts of workflows, one for each person: nobody's overwrites another's, and each says who else is at it.</summary>
public sealed class WorkflowDrafts(IRowStore rows, TimeProvider clock)
{
    /// <summary>All drafts of a workflow, the latest first.</summary>
    public Task<IReadOnlyList<WorkflowDraftRow>> ListAsync(string workflow, CancellationToken ct) => rows.QueryAsync<WorkflowDraftRow>(
        "select user_id, user_name, base_version, text, saved_at_utc from workflow_drafts where workflow_id = @workflow order by saved_at_utc desc, user_id", new { workflow }, ct);

    /// <summary>All drafts of one person, the latest first: their workflows, and what each was made from.</summary>
    public Task<IReadOnlyList<OwnDraftRow>> OfAsync(string user, CancellationToken ct) => rows.QueryAsync<OwnDraftRow>(
        "select workflow_id, base_version, saved_at_utc from workflow_drafts where user_id = @user order by saved_at_utc desc, workflow_id", new { user }, ct);

    /// <summary>Keeps somebody's draft in place of their earlier one.</summary>
    /// <exception cref="ProblemException">WFL-1011: the id is no name. WFL-1001: the text is longer than a workflow may be.</exception>
    public async Task<DateTimeOffset> KeepAsync(string workflow, string user, string name, string? madeFrom, string text, CancellationToken ct)
    {
        if (!Names.IsName(workflow))
        {
            throw new ProblemException(WorkflowCodes.BadValue, $"'{workflow}' is no name of a workflow.", "id", "Use lower-case letters, digits and underscores, a letter first.", ExitCode.BadUsage);
        }

        if (text.Length > YamlText.LengthMax)
        {
            throw new ProblemException(WorkflowCodes.Structure, $"The text has {text.Length} characters; {YamlText.LengthMax} are allowed.", "text", "Split the file.", ExitCode.BadUsage);
        }

        DateTimeOffset now = clock.GetUtcNow();
        await rows.ExecuteAsync(
            """
            insert into workflow_drafts (workflow_id, user_id, user_name, base_version, text, saved_at_utc) values (@workflow, @user, @name, @madeFrom, @text, @now)
            on conflict (workflow_id, user_id) do update set user_name = excluded.user_name, base_version = excluded.base_version, text = excluded.text, saved_at_utc = excluded.saved_at_utc
            """,
            new { workflow, user, name, madeFrom, text, now }, ct);
        return now;
    }

    /// <summary>Lets somebody's draft go.</summary>
    public Task DropAsync(string workflow, string user, CancellationToken ct) =>
        rows.ExecuteAsync("delete from workflow_drafts where workflow_id = @workflow and user_id = @user", new { workflow, user }, ct);
}
