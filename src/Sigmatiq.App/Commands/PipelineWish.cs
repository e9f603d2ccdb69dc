using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Commands;

/// <summary>What a pipeline is asked for (spec 04 §4.3).</summary>
/// <param name="Phase"><c>backtest, production</c> or <c>both</c>.</param>
/// <param name="NoPng">No pictures.</param>
/// <param name="SeedDb">Fill the strategy's tables.</param>
/// <param name="Year">Backtest as of the end of this year; null leaves the sessions as they were.</param>
/// <param name="ConfigFile">Parameters that differ; null leaves them as they were.</param>
/// <param name="Seed">The run's chance; null leaves it as it was.</param>
internal sealed record PipelineWish(string Phase, bool NoPng, bool SeedDb, int? Year, string? ConfigFile, long? Seed)
{
    private const int YearMin = 1990, YearMax = 2100;

    /// <summary>The parameters of the run before with those that are wished otherwise.</summary>
    /// <exception cref="ProblemException">APP-1146: the year or the file means nothing here. WFL-1006: there is no such parameter.</exception>
    public JsonObject Parameters(WorkflowDefinition workflow, JsonObject before)
    {
        JsonObject wished = before.DeepClone().AsObject();
        if (ConfigFile is not null)
        {
            foreach (var (name, value) in Read(ConfigFile))
            {
                wished[name] = value?.DeepClone();
            }
        }

        if (Year is { } year)
        {
            if (year is < YearMin or > YearMax || workflow.Parameters.All(p => p.Name != "to"))
            {
                throw new ProblemException("APP-1146", FormattableString.Invariant($"{workflow.Id} cannot backtest as of the year {year}."), "--year",
                    FormattableString.Invariant($"Use a year from {YearMin} to {YearMax}, on a strategy that was asked about by 'lifecycle run'."), ExitCode.BadUsage);
            }

            wished["to"] = string.Create(CultureInfo.InvariantCulture, $"{year:0000}-12-31");
        }

        return wished;
    }

    private static JsonObject Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("APP-1146", $"The config cannot be read: {e.Message.ReplaceLineEndings(" ")}", file, "Name a file that is there.", ExitCode.BadUsage), e);
        }

        return YamlText.Parse(text, file, "APP-1146").Value.ToJson() as JsonObject
            ?? throw new ProblemException("APP-1146", "The config is no map of parameters.", file, "Write one parameter a line, such as 'select: 3'.", ExitCode.BadUsage);
    }
}
