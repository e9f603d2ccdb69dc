using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Learning;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq lifecycle run / status</c>: one pack model through the eight stages, and where it stands.</summary>
internal static class LifecycleCommands
{
    private const string Workflow = "lifecycle";

    public static Command Create(CommandHost host) => new(Workflow, "One pack model through the eight stages, up to your vote") { Run(host), Status(host) };

    private static Command Run(CommandHost host)
    {
        var ticker = new Option<string?>("--ticker") { Description = "Symbol: stored bars, or a synthetic one such as MKT.SYN" };
        var pack = new Option<string?>("--pack") { Description = "Pack, as id or id@version (default: the workflow's)" };
        var set = new Option<string[]>("--set") { Description = "Model parameter that differs from the pack, e.g. rsi_period=21; may be repeated" };
        var from = new Option<string?>("--from") { Description = "First session, yyyy-MM-dd (default: all stored bars)" };
        var to = new Option<string?>("--to") { Description = "Last session, yyyy-MM-dd (default: the last completed one)" };
        var select = new Option<int?>("--select") { Description = "Best combos to train, 1 to 5 (default: 2)" };
        var train = new Option<string[]>("--train") { Description = "training_params, e.g. tune=true n_estimators=100", AllowMultipleArgumentsPerToken = true };
        var confidence = new Option<string?>("--confidence") { Description = "What thresholds of the sweep compare with: classifier (default) or rule" };
        var until = new Option<string?>("--until") { Description = "Last stage to run, e.g. bootstrap, align, train" };
        var asOf = new Option<string?>("--as-of") { Description = "The run's now, ISO 8601 (default: now); later bars are not seen" };
        var key = new Option<string?>("--key") { Description = "A name of yours: asking again with the same name goes on with the same run" };
        Command run = new("run", "Run the eight stages; ends with exit 3 when the run waits for your vote") { ticker, pack, set, from, to, select, train, confidence, until, asOf, key };
        host.Run(run, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            JsonObject given = [];
            Give(given, "ticker", parse.GetValue(ticker)?.Trim().ToUpperInvariant());
            Give(given, "from", parse.GetValue(from));
            Give(given, "to", parse.GetValue(to));
            if (parse.GetValue(select) is { } best)
            {
                given["select"] = best;
            }

            if (parse.GetValue(set) is { Length: > 0 } overrides)
            {
                given["set"] = new JsonObject(overrides.Select(o => ModelBuilder.ParseOverride(o)).Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value)));
            }

            if (parse.GetValue(train) is { Length: > 0 } training)
            {
                given["training"] = TrainingCommands.Pairs(training, "--train");
            }

            Give(given, "confidence", parse.GetValue(confidence) is { } kind ? EnumWords<ConfidenceKind>.Text(SweepRequestOptions.Kind(kind)) : null);
            Give(given, "pack", parse.GetValue(pack));
            RunId id = await AskAsync(platform, given, parse.GetValue(key), parse.GetValue(asOf) is { } text ? Instant(text) : null, parse.GetValue(until), ct);
            RunView view = await RunWatch.BringToRestAsync(context, id, waitsFrom: 0, ct);
            RunsCommands.Print(context, view);
            if (RunWatch.ProblemOf(view.State) is { } problem)
            {
                throw new ProblemException(problem);
            }

            if (view.State.Status == RunStatus.Waiting)
            {
                context.Output.Note("The run waits for your vote: 'sigmatiq approvals show', then 'sigmatiq approvals approve --reason TEXT' or 'reject'.");
            }

            return RunWatch.ExitOf(view.State);
        });
        return run;
    }

    /// <summary>Asks for a lifecycle run; the same key finds the run that was asked for under it.</summary>
    /// <param name="platform">The store.</param>
    /// <param name="given">Parameters that differ from the workflow's.</param>
    /// <param name="key">The caller's name for the run; null asks for a new one.</param>
    /// <param name="asOfUtc">The run's now; null is now.</param>
    /// <param name="until">Last step to run; null runs all.</param>
    /// <param name="ct">Cancels before the request is written.</param>
    internal static async Task<RunId> AskAsync(Platform platform, JsonObject given, string? key, DateTimeOffset? asOfUtc, string? until, CancellationToken ct)
    {
        WorkflowDefinition workflow = platform.Workflows.Load(Workflow);
        Pack chosen = platform.Packs.Load((given["pack"] ?? workflow.Parameters.First(p => p.Name == "pack").Default)!.GetValue<string>());
        given["pack"] = chosen.Reference;
        if (await FindAsync(platform, key, ct) is { } known)
        {
            return known;
        }

        string ticker = (given["ticker"] ?? workflow.Parameters.First(p => p.Name == "ticker").Default)!.GetValue<string>();
        TrainingParameters.Parse(given["training"] as JsonObject ?? []);
        if (ticker.Length > 0) // else refused with the other parameters of the run
        {
            CheckModel(chosen, ticker, given["set"] as JsonObject ?? [], platform.Clock.GetUtcNow());
            await LifecycleChecks.RunAsync(
                platform.Bars, Market.Symbols.Symbol.Parse(ticker), chosen.Policies.Engine.Interval, given, asOfUtc ?? platform.Clock.GetUtcNow(), ct);
        }

        return await platform.Engine.Requests.StartAsync(
            new(workflow, given, People.LocalOperator.Id) { AsOfUtc = asOfUtc, Until = until, Pins = Pins(chosen, key) }, ct);
    }

    // The sweep would refuse it too, as a run that has failed: a slip of the pen should leave none behind.
    private static void CheckModel(Pack pack, string ticker, JsonObject set, DateTimeOffset now)
    {
        KeyValuePair<string, double>[] overrides =
            [.. set.Select(s => KeyValuePair.Create(s.Key, double.Parse(s.Value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)))];
        var draft = ModelBuilder.Build(ModelBuilder.Default(pack, ticker, People.LocalOperator.Id, overrides), pack, now);
        if (!draft.IsOk)
        {
            throw new ProblemException(draft.Problems);
        }
    }

    private static Command Status(CommandHost host)
    {
        var id = new Argument<string?>("id") { Description = "The run (default: the latest)", Arity = ArgumentArity.ZeroOrOne };
        Command status = new("status", "Show where the latest lifecycle run stands") { id };
        host.Run(status, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            RunId run = await platform.Engine.Views.MeantAsync(parse.GetValue(id), Workflow, ct);
            RunsCommands.Print(context, await platform.Engine.Views.ShowAsync(run, ct));
            return ExitCode.Ok;
        });
        return status;
    }

    private static JsonObject Pins(Pack pack, string? key)
    {
        JsonObject pins = new() { ["pack_hash"] = pack.Hash.Hex };
        Give(pins, "key", key);
        return pins;
    }

    private static async Task<RunId?> FindAsync(Platform platform, string? key, CancellationToken ct)
    {
        if (key is null)
        {
            return null;
        }

        foreach (RunSummary summary in await platform.Engine.Views.ListAsync(Workflow, int.MaxValue, ct))
        {
            RunView run = await platform.Engine.Views.ShowAsync(new(summary.Id), ct);
            if (run.State.Request.Pins["key"]?.GetValue<string>() == key)
            {
                return new(summary.Id);
            }
        }

        return null;
    }

    private static void Give(JsonObject to, string name, string? value)
    {
        if (value is not null)
        {
            to[name] = value;
        }
    }

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at.ToUniversalTime()
            : throw new ProblemException("APP-1011", $"'{text}' is no instant.", "--as-of", "Write it as 2024-07-01T12:00:00Z.", ExitCode.BadUsage);
}
