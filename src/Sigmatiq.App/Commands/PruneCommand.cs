using System.CommandLine;
using System.Globalization;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Retention;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq prune</c>: shows what a policy keeps no longer, then lets go exactly that or nothing.</summary>
internal static class PruneCommand
{
    public static Command Create(CommandHost host)
    {
        var file = new Option<string?>("--policy") { Description = "File that says how long what is kept (default: journals 180 days and the newest 20 of each workflow, else 90 days)" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show it and let nothing go: what happens without --commit anyway" };
        var commit = new Option<string?>("--commit") { Description = "Token of the dry run: let go exactly that, or nothing" };
        var reason = new Option<string>("--reason") { Description = "Why, for the record; needed with --commit", DefaultValueFactory = _ => "" };
        Command prune = new("prune", "Put old journals into an archive and let go logs, keys, messages and bars that a policy keeps no longer; nothing that is named anywhere goes")
        {
            file, dryRun, commit, reason,
        };
        host.RunOnStore(prune, async (parse, context, ct) =>
        {
            RetentionPolicy policy = parse.GetValue(file) is { } path ? Read(path) : RetentionPolicy.Usual;
            Platform platform = await context.PlatformAsync(ct);
            string? token = parse.GetValue(dryRun) ? null : parse.GetValue(commit);
            RetentionPlan plan;
            try
            {
                plan = token is null ? await platform.Retention.PlanAsync(policy, ct)
                    : await platform.Retention.CommitAsync(policy, token, (await context.ActorAsync(Right.Operate, ct)).Id, parse.GetRequiredValue(reason), ct);
            }
            catch (ProblemException e) when (e.Problem.Code == StoreRetention.Gone)
            {
                context.Output.Note($"{e.Problem.Message} {e.Problem.Remedy}");
                return ExitCode.Ok;
            }

            context.Output.Item(
                new { Committed = token is not null, plan.Token, plan.Runs, plan.LogLines, plan.LogFiles, plan.Keys, plan.Messages, plan.Snapshots, plan.BarFiles, plan.BarBytes },
                ("runs into an archive", Number(plan.Runs.Count)), ("log lines", Number(plan.LogLines)), ("log files", Number(plan.LogFiles.Count)), ("idempotency keys", Number(plan.Keys)),
                ("delivered messages", Number(plan.Messages)), ("snapshots", Number(plan.Snapshots.Count)), ("bar files", $"{Number(plan.BarFiles.Count)}, {Number(plan.BarBytes)} bytes"),
                ("token", plan.Token));
            context.Output.Note(token is not null ? "Gone; the archive is named in the audit chain." : plan.IsEmpty ? "Nothing to let go." : $"Nothing has gone yet: add --commit {plan.Token} --reason TEXT.");
            return ExitCode.Ok;
        });
        return prune;
    }

    private static RetentionPolicy Read(string path)
    {
        try
        {
            return RetentionPolicy.Parse(File.ReadAllText(path), path).Value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(RetentionPolicy.BadPolicy, $"The policy cannot be read: {e.Message}", path, "Name a file that can be read.", ExitCode.BadUsage), e);
        }
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
