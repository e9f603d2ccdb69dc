using System.Globalization;
using Sigmatiq.Backtest;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App;

/// <summary>What moving a model to another version of its pack would do.</summary>
/// <param name="Before">The model as it is.</param>
/// <param name="After">The model as it would be; the same where it is on that version already.</param>
/// <param name="Pack">The pack of the latter.</param>
/// <param name="Checks">Every input, computed on both versions.</param>
/// <param name="On">The bars they were computed on, in words; empty where nothing was.</param>
/// <param name="Problems">What speaks against it; empty where it may be done.</param>
/// <param name="Restores">The config version that it repeats, where it goes back.</param>
internal sealed record ModelMove(
    ModelConfig Before, ModelConfig After, Pack Pack, IReadOnlyList<InputCheck> Checks, string On, IReadOnlyList<Problem> Problems, int? Restores)
{
    /// <summary>Whether nothing would change.</summary>
    public bool IsNothing => Before == After;
}

/// <summary>Moves models to other versions of their packs, and back (01 §1.12): one way for the command and for HTTP.</summary>
/// <param name="library">The packs.</param>
/// <param name="models">The models.</param>
/// <param name="bars">Bars to compare the inputs on; where there are none of the ticker, synthetic ones.</param>
/// <param name="field">What the caller's version is called, for messages: <c>--to</c>.</param>
internal sealed class ModelMoves(PackLibrary library, ModelStore models, BarStore bars, string field)
{
    /// <summary>Works a move out; nothing is written.</summary>
    /// <param name="record">The model.</param>
    /// <param name="to">A version of its pack; null goes back to the config before the last change.</param>
    /// <param name="ct">Stops before the bars are read.</param>
    /// <exception cref="ProblemException">MDL-1008: another pack. MDL-1001, MDL-1011: the version is unknown or out of use. MDL-1012: there is nothing to go back
    /// to. PCK-1009: the pack's files changed. MDL-1003, MDL-1006: the version lacks what the model uses, so no config can be written.</exception>
    public async Task<ModelMove> PlanAsync(ModelRecord record, string? to, CancellationToken ct)
    {
        ModelConfig before = await models.LoadAsync(record.UserId, record.Id, ct);
        Pack from = PackLibrary.Pinned(library.Load(before.PackReference), record.PackHash);
        var (after, pack, problems, restores) = to is null ? await BackAsync(before, ct) : Forward(before, from, to);
        if (after is null)
        {
            throw new ProblemException(problems);
        }

        if (after == before)
        {
            return new(before, before, from, [], "", [], null);
        }

        BarColumns compared = await BarsAsync(before, from, ct);
        IReadOnlyList<InputCheck> checks = MigrationCheck.Of(before, from, after, pack, compared, Instrument.Of(compared.Symbol).Calendar);

        // What an earlier config computed was its own affair; going back to it is no new claim about the present one.
        IReadOnlyList<Problem> against = to is null ? [] : [.. problems, .. MigrationCheck.Problems(checks, pack)];
        return new(before, after, pack, checks, $"{compared.Symbol} {compared.Interval.Text()}, {compared.Count.ToString(CultureInfo.InvariantCulture)} bars", against, restores);
    }

    /// <summary>Does what was worked out.</summary>
    /// <exception cref="ProblemException">Whatever speaks against it. MDL-1002: the model changed meanwhile.</exception>
    public async Task ApplyAsync(ModelMove move, CancellationToken ct)
    {
        if (move.Problems.Count > 0)
        {
            throw new ProblemException(move.Problems);
        }

        if (move.IsNothing)
        {
            await models.SettleFilesAsync(move.Before, ct);
        }
        else
        {
            await models.ReplaceAsync(move.Before, move.After, move.Pack, ct, move.Restores);
        }
    }

    private (ModelConfig? Config, Pack Pack, IReadOnlyList<Problem> Problems, int? Restores) Forward(ModelConfig before, Pack from, string version)
    {
        string[] named = version.Split('@');
        if (named.Length > 1 && named[0] != before.PackId)
        {
            throw new ProblemException("MDL-1008", $"'{version}' is of another pack: {before.Id} is a model of {before.PackId} and stays one.", field,
                $"Name a version of {before.PackId}, e.g. {from.Version}, or make a model of the other pack with 'sigmatiq models create'.", ExitCode.BadUsage);
        }

        Pack to = library.LoadUsable($"{before.PackId}@{named[^1]}");
        if (to.Reference == before.PackReference)
        {
            return (before, from, [], null);
        }

        var (config, problems) = ModelMigration.Propose(before, from, to);
        return (config, to, problems, null);
    }

    private async Task<(ModelConfig? Config, Pack Pack, IReadOnlyList<Problem> Problems, int? Restores)> BackAsync(ModelConfig before, CancellationToken ct)
    {
        var (config, restores) = await models.PreviousAsync(before, ct);
        string hash = (await models.HistoryAsync(before.UserId, before.Id, ct)).First(h => h.ConfigVersion == restores).PackHash;
        return (config, PackLibrary.Pinned(library.LoadUsable(config.PackReference), hash), [], restores);
    }

    private async Task<BarColumns> BarsAsync(ModelConfig model, Pack pack, CancellationToken ct) =>
        await bars.LatestAsync(Symbol.Parse(model.Instrument.Ticker), pack.Policies.Engine.Interval, ct) is { } stored
            ? bars.Read(stored.Id, ct)
            : SanityBacktest.SampleBars(pack);
}
