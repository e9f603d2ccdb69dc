using System.CommandLine;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;

namespace Sigmatiq.App.Commands;

/// <summary>The options by which a command that looks inside takes any file of bars (spec 08 §8.5).</summary>
internal sealed class BarsFileOptions
{
    private readonly Option<string> bars = new("--bars") { Description = "File of bars: CSV with a header, or Parquet", Required = true };

    private readonly Option<string?> symbol = new("--symbol") { Description = "Which symbol, if the file holds several" };

    private readonly Option<string?> interval = new("--interval") { Description = "Length of the bars (1m, 5m, 1h, 1d), where their times do not tell" };

    private readonly Option<string?> zone = new("--tz") { Description = "Zone of times that name none, e.g. America/New_York (default: UTC)" };

    private readonly Option<string?> columns = new("--columns") { Description = "Names of columns that differ, e.g. close=adj_close,ts=Date" };

    private readonly Option<string[]> waive = new("--waive")
    {
        Description = "Take bars with this broken fact as they are, e.g. high_below_body",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> reason = new("--reason")
    {
        Description = "Why it is waived; nothing is stored here",
        DefaultValueFactory = _ => "looking inside",
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { bars, symbol, interval, zone, columns, waive, reason })
        {
            verb.Add(option);
        }
    }

    /// <summary>Reads the bars that the command line names.</summary>
    /// <exception cref="Store.Errors.ProblemException">MKT-…: an option, the file or a bar in it cannot be understood.</exception>
    public BarColumns Read(ParseResult parse, CancellationToken ct)
    {
        var options = new BarFileOptions
        {
            Symbol = parse.GetValue(symbol) is { } s ? Market.Symbols.Symbol.Parse(s) : null,
            Interval = parse.GetValue(interval) is { } i ? Intervals.Parse(i) : null,
            Zone = parse.GetValue(zone) is { } z ? BarFileOptions.ParseZone(z) : TimeZoneInfo.Utc,
            Columns = parse.GetValue(columns) is { } c ? BarFileOptions.ParseColumns(c) : new Dictionary<string, string>(),
        };
        QualityWaiver[] waivers = [.. (parse.GetValue(waive) ?? []).Select(rule => QualityWaiver.Of(rule, parse.GetValue(reason)))];
        return BarFile.ReadOne(parse.GetRequiredValue(bars), options, ct, waivers);
    }
}
