using System.CommandLine;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Import.Lean;
using Sigmatiq.Market.Quality;

namespace Sigmatiq.App.Commands;

/// <summary>The options by which a command says how a file of bars is to be understood and what in it is let pass.</summary>
/// <param name="waiverHolds">For what a waiver of this command holds, as a sentence.</param>
/// <param name="isStored">Whether a waiver is kept, and so needs a reason.</param>
internal sealed class BarReadingOptions(string waiverHolds, bool isStored = true)
{
    private readonly Option<string?> symbol = new("--symbol") { Description = "Name of the bars, or which symbol if the file holds several" };

    private readonly Option<string?> interval = new("--interval") { Description = "Length of the bars (1m, 5m, 1h, 1d), where their times do not tell" };

    private readonly Option<string?> zone = new("--tz") { Description = "Zone of times that name none, e.g. America/New_York (default: UTC)" };

    private readonly Option<string?> columns = new("--columns") { Description = "Names of columns that differ, e.g. close=adj_close,ts=Date" };

    private readonly Option<string?> factors = new("--factors") { Description = "File of adjustment factors as Lean stores them (factor_files/spy.csv)" };

    private readonly Option<string?> assetClass = new("--asset-class")
    {
        Description = "What the bars are of: equity, index, fx, cfd, synthetic (default: from the folder of the file, then from the symbol)",
    };

    private readonly Option<string[]> waive = new("--waive")
    {
        Description = $"Let a broken fact pass, by its rule, e.g. high_below_body{(isStored ? "; needs --reason" : "")}. {waiverHolds}", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> reason = new("--reason")
    {
        Description = isStored ? "Why it is waived; kept in the store with the rule and shown by 'data check'" : "Why it is waived; may be left out here",
        DefaultValueFactory = _ => isStored ? null : "looking inside",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { symbol, interval, zone, columns, factors, assetClass, waive, reason })
        {
            verb.Add(option);
        }
    }

    /// <summary>How the file is to be understood.</summary>
    /// <exception cref="Store.Errors.ProblemException">MKT-1001, MKT-1002, MKT-2009, MKT-2012, MKT-2015, MKT-2054: an option is not understood.</exception>
    public BarFileOptions Read(ParseResult parse) => new()
    {
        Symbol = parse.GetValue(symbol) is { } s ? Market.Symbols.Symbol.Parse(s) : null,
        Interval = parse.GetValue(interval) is { } i ? Intervals.Parse(i) : null,
        AssetClass = parse.GetValue(assetClass) is { } a ? CheckedMarket.Parse(a) : null,
        Zone = parse.GetValue(zone) is { } z ? BarFileOptions.ParseZone(z) : TimeZoneInfo.Utc,
        Columns = parse.GetValue(columns) is { } c ? BarFileOptions.ParseColumns(c) : new Dictionary<string, string>(),
        Factors = parse.GetValue(factors) is { } f ? LeanFactors.Read(f) : null,
    };

    /// <summary>What is let pass.</summary>
    /// <exception cref="Store.Errors.ProblemException">MKT-2110: not a rule. MKT-2111: no reason.</exception>
    public QualityWaiver[] Waivers(ParseResult parse) => [.. (parse.GetValue(waive) ?? []).Select(rule => QualityWaiver.Of(rule, parse.GetValue(reason)))];
}
