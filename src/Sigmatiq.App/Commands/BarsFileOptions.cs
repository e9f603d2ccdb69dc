using System.CommandLine;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;

namespace Sigmatiq.App.Commands;

/// <summary>The options by which a command that looks inside takes any file of bars (spec 08 §8.5).</summary>
internal sealed class BarsFileOptions(bool isRequired = true)
{
    private readonly Option<string> bars = new("--bars") { Description = "File of bars: CSV with a header, Parquet, or a zip of trade bars as Lean stores them", Required = isRequired };

    private readonly BarReadingOptions reading = new("Holds for this command alone; nothing is stored", isStored: false);

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(bars);
        reading.AddTo(verb);
    }

    /// <summary>Whether the command line names a file.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(bars) is not null;

    /// <summary>Reads the bars that the command line names.</summary>
    /// <exception cref="Store.Errors.ProblemException">MKT-…: an option, the file or a bar in it cannot be understood.</exception>
    public BarColumns Read(ParseResult parse, CancellationToken ct) =>
        BarFile.ReadOne(parse.GetRequiredValue(bars), reading.Read(parse), ct, reading.Waivers(parse));
}
