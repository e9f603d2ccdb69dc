using System.Globalization;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>One bar, or one running period, as a stream sees it.</summary>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Volume.</param>
/// <param name="Session">Number of the bar's session; what is anchored to a session starts anew where it changes.</param>
public readonly record struct Bar(double Open, double High, double Low, double Close, double Volume, int Session = 0);

/// <summary>The streaming twin of a batch kernel; equal to it bit for bit.</summary>
public interface IIndicatorStream
{
    /// <summary>Takes a completed bar and writes one value per output (NaN before warm-up).</summary>
    void Next(in Bar bar, Span<double> outputs);

    /// <summary>Writes what <see cref="Next"/> would write, and keeps nothing of the bar.</summary>
    void Peek(in Bar bar, Span<double> outputs);
}

/// <summary>One setting of an indicator.</summary>
/// <param name="Name">Name in packs and on the command line: <c>period</c>, <c>k_period</c>, <c>std_dev</c> …</param>
/// <param name="Default">Value if none is given.</param>
/// <param name="Min">Smallest allowed value.</param>
/// <param name="Max">Largest allowed value.</param>
/// <param name="IsWhole">Whether it must be a whole number.</param>
/// <param name="IsConstant">A named constant for rules (<c>rsi.overbought</c>): it does not change the values.</param>
/// <param name="Help">One line for screens.</param>
/// <param name="IsFlag">Whether it is a yes or no, kept as 1 or 0; in packs and commands <c>true</c> and <c>false</c>.</param>
public sealed record IndicatorParameter(
    string Name, double Default, double Min, double Max, bool IsWhole = true, bool IsConstant = false, string Help = "", bool IsFlag = false)
{
    /// <summary>Where it is one of several words: these, kept as their position; empty for a number.</summary>
    public IReadOnlyList<IndicatorChoice> Choices { get; init; } = [];

    /// <summary>Whether it is one of several words.</summary>
    public bool IsChoice => Choices.Count > 0;

    /// <summary>The number that is kept for a word; NaN where it is none of the choices.</summary>
    public double ValueOf(string word)
    {
        for (int i = 0; i < Choices.Count; i++)
        {
            if (Choices[i].Name == word)
            {
                return i;
            }
        }

        return double.NaN;
    }

    /// <summary>A value as packs and commands write it.</summary>
    public string Text(double value) => IsChoice ? Choices[(int)value].Name
        : IsFlag ? value != 0 ? "true" : "false"
        : value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>One word that a setting may be.</summary>
/// <param name="Name">The word in packs and on the command line.</param>
/// <param name="Meaning">What it means and which sources do so.</param>
public sealed record IndicatorChoice(string Name, string Meaning);

/// <summary>Batch kernel: reads bars, fills one column of shape [n] per output, NaN before warm-up.</summary>
public delegate void IndicatorBatch(BarColumns bars, IndicatorSettings settings, double[][] outputs);

/// <summary>What the catalog says of one indicator: everything packs and screens need to offer it.</summary>
/// <param name="Name">Catalog name: <c>rsi</c>, <c>ema</c>, <c>bollinger_bands</c> …</param>
/// <param name="Title">Name for people.</param>
/// <param name="Group"><c>momentum</c>, <c>trend</c>, <c>volatility</c> or <c>volume</c>.</param>
/// <param name="Parameters">Settings in order.</param>
/// <param name="Outputs">Names of the outputs in order; an indicator with one output has its own name there.</param>
/// <param name="WarmUpBars">Index of the first bar with all outputs, given the settings.</param>
/// <param name="Formula">The formula in one line, with its source.</param>
/// <param name="Batch">The batch kernel.</param>
/// <param name="CreateStream">Makes the streaming twin.</param>
public sealed record IndicatorSpec(
    string Name, string Title, string Group, IReadOnlyList<IndicatorParameter> Parameters, IReadOnlyList<string> Outputs,
    Func<IndicatorSettings, int> WarmUpBars, string Formula, IndicatorBatch Batch, Func<IndicatorSettings, IIndicatorStream> CreateStream)
{
    /// <summary>What it tells, in one plain sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>Sources of published values that it equals (<c>stock-indicators, tulip, stockcharts</c>); empty where none of them has it.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Second names of outputs, alias → output: <c>stoch_k</c> → <c>stochastic</c>.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>What stands before an output's name in rules: <c>bb_</c> for <c>bb_upper</c>; empty for most.</summary>
    public string RulePrefix { get; init; } = "";

    /// <summary>Says why settings that are each in range contradict one another, or null.</summary>
    public Func<IndicatorSettings, string?> Conflict { get; init; } = _ => null;

    /// <summary>Position of an output by its name or an alias, or −1.</summary>
    public int OutputIndex(string name)
    {
        string output = Aliases.GetValueOrDefault(name, name);
        for (int i = 0; i < Outputs.Count; i++)
        {
            if (Outputs[i] == output)
            {
                return i;
            }
        }

        return -1;
    }
}
