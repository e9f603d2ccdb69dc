using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Commands;
using Sigmatiq.Learning;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App;

/// <summary>What of a run through a pack's lane can be refused before there is one: a slip of the pen should leave neither a failed run nor a
/// market that was made for nothing. Every way to ask for a run comes through here.</summary>
internal sealed class LifecycleChecks(PackLibrary packs, BarStore bars, TimeProvider clock)
{
    /// <summary>Refuses a model that its pack does not allow, a ticker that has no bars, and dates between which nothing lies. Workflows that ask
    /// for no pack and ticker pass.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="parameters">All parameters, of which each by itself fits the workflow.</param>
    /// <param name="ct">Cancels the look into the store.</param>
    /// <exception cref="ProblemException">MDL codes: no such pack, or a model that it does not allow. TRN codes: no such training parameter. SWS-1001: no
    /// such confidence. APP-1015: the first date lies after the last. APP-1016: the first date lies after the last completed session.
    /// MKT-1001: not a ticker. MKT-3001: no such synthetic symbol. MKT-4001, exit 4: no bars of that symbol.</exception>
    public async Task RunAsync(RunOrder order, JsonObject parameters, CancellationToken ct)
    {
        if (Text(order.Workflow, parameters, "pack", ParameterType.Pack) is not { } reference
            || Text(order.Workflow, parameters, "ticker", ParameterType.Symbol) is not { } ticker)
        {
            return;
        }

        Pack pack = packs.Load(reference);
        TrainingParameters.Parse(parameters["training"] as JsonObject ?? []);
        SweepRequestOptions.Kind(Text(order.Workflow, parameters, "confidence", ParameterType.Text));
        CheckModel(pack, ticker, order.RequestedBy, parameters["set"] as JsonObject ?? []);
        var symbol = Symbol.Parse(ticker);
        CheckDates(DateOf(parameters, "from"), DateOf(parameters, "to"), Instrument.Of(symbol).Calendar, order.AsOfUtc ?? clock.GetUtcNow());
        await CheckBarsAsync(symbol, pack.Policies.Engine.Interval, ct);
    }

    private static string? Text(WorkflowDefinition workflow, JsonObject parameters, string name, ParameterType type) =>
        workflow.Parameters.Any(p => p.Name == name && p.Type == type) ? parameters[name]?.GetValue<string>() : null;

    private void CheckModel(Pack pack, string ticker, string user, JsonObject set)
    {
        KeyValuePair<string, double>[] overrides = [.. set.Select(s => KeyValuePair.Create(s.Key, Number(s.Key, s.Value)))];
        var draft = ModelBuilder.Build(ModelBuilder.Default(pack, ticker, user, overrides), pack, clock.GetUtcNow());
        if (!draft.IsOk)
        {
            throw new ProblemException(draft.Problems);
        }
    }

    private static double Number(string name, JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : throw new ProblemException("MDL-1005", $"The parameter '{name}' is set to {value?.ToJsonString() ?? "null"}.", "set", "Give it a number.", ExitCode.BadUsage);

    private async Task CheckBarsAsync(Symbol symbol, Interval interval, CancellationToken ct)
    {
        if (symbol.IsSynthetic)
        {
            MarketSimulator.Default.Require(symbol);
            return;
        }

        // Longer bars are made of stored shorter ones.
        foreach (Interval stored in Enum.GetValues<Interval>().Where(i => i.Minutes() <= interval.Minutes()))
        {
            if (await bars.LatestAsync(symbol, stored, ct) is not null)
            {
                return;
            }
        }

        await bars.RequireAsync(symbol, interval, ct);
    }

    private static void CheckDates(DateOnly? from, DateOnly? to, ISessionCalendar calendar, DateTimeOffset nowUtc)
    {
        if (from is not { } first)
        {
            return;
        }

        if (to is { } last && first > last)
        {
            throw new ProblemException("APP-1015", $"The first session {Text(first)} lies after the last, {Text(last)}.", "--from",
                "Exchange the two dates, or leave one out.", ExitCode.BadUsage);
        }

        DateOnly completed = calendar.LastCompletedSession(nowUtc).Date;
        if (first > completed)
        {
            throw new ProblemException("APP-1016", $"The first session {Text(first)} lies after the last completed one, {Text(completed)}.", "--from",
                "Name an earlier date, or leave it out for all stored bars.", ExitCode.BadUsage);
        }
    }

    private static DateOnly? DateOf(JsonObject given, string name) =>
        DateOnly.TryParseExact(given[name]?.GetValue<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
