using System.Globalization;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Indicators.Catalog;

/// <summary>Values for the parameters of one indicator, in the order of <see cref="IndicatorSpec.Parameters"/>; equal where all values are.</summary>
public sealed record IndicatorSettings(IReadOnlyList<double> Values)
{
    /// <summary>The value at a position of the parameter list, as a whole number.</summary>
    public int Whole(int index) => (int)Values[index];

    /// <inheritdoc/>
    public bool Equals(IndicatorSettings? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (double value in Values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <summary>The defaults of an indicator.</summary>
    public static IndicatorSettings Defaults(IndicatorSpec spec) => new([.. spec.Parameters.Select(p => p.Default)]);

    /// <summary>The given values, and defaults for the rest.</summary>
    /// <exception cref="ProblemException">IND-1002: out of range or not whole. IND-1003: no such setting. IND-1004: settings contradict one
    /// another.</exception>
    public static IndicatorSettings Of(IndicatorSpec spec, IReadOnlyDictionary<string, double> given)
    {
        foreach (string name in given.Keys)
        {
            Parameter(spec, name);
        }

        var settings = new IndicatorSettings([.. spec.Parameters.Select(p => given.TryGetValue(p.Name, out double value) ? InRange(spec, p, value) : p.Default)]);
        return spec.Conflict(settings) is { } conflict
            ? throw new ProblemException("IND-1004", conflict, spec.Name, "Change one of the two settings.", ExitCode.BadUsage)
            : settings;
    }

    /// <summary>Reads texts such as <c>14</c>, <c>2.5</c>, <c>true</c> or <c>first_value</c>, and checks them as <see cref="Of"/> does.</summary>
    public static IndicatorSettings Parse(IndicatorSpec spec, IReadOnlyDictionary<string, string> given) =>
        Of(spec, given.ToDictionary(pair => pair.Key, pair => ParseValue(spec, Parameter(spec, pair.Key), pair.Value)));

    /// <summary>Refuses a word where a number belongs, a number where a word belongs, and a word that is none of the choices.</summary>
    /// <exception cref="ProblemException">IND-1002: so refused. IND-1003: no such setting.</exception>
    public static void CheckKind(IndicatorSpec spec, string name, double value, string? word)
    {
        IndicatorParameter parameter = Parameter(spec, name);
        if (word is null ? parameter.IsChoice : double.IsNaN(parameter.ValueOf(word)))
        {
            throw OutOfRange(spec, parameter, word ?? value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private static IndicatorParameter Parameter(IndicatorSpec spec, string name) => spec.Parameters.FirstOrDefault(p => p.Name == name)
        ?? throw new ProblemException(
            "IND-1003", $"{spec.Name} has no setting '{name}'.", spec.Name,
            $"Use one of: {string.Join(", ", spec.Parameters.Select(p => p.Name))}.", ExitCode.BadUsage);

    private static double ParseValue(IndicatorSpec spec, IndicatorParameter parameter, string text) => text.Trim() switch
    {
        var t when parameter.IsChoice => parameter.ValueOf(t) is >= 0 and var index ? index : throw OutOfRange(spec, parameter, $"'{text}'"),
        "true" when parameter.IsFlag => 1,
        "false" when parameter.IsFlag => 0,
        var t when double.TryParse(t, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) => value,
        _ => throw OutOfRange(spec, parameter, $"'{text}'"),
    };

    private static double InRange(IndicatorSpec spec, IndicatorParameter parameter, double value) =>
        value >= parameter.Min && value <= parameter.Max && (!parameter.IsWhole || value == Math.Floor(value))
            ? value
            : throw OutOfRange(spec, parameter, value.ToString("R", CultureInfo.InvariantCulture));

    private static ProblemException OutOfRange(IndicatorSpec spec, IndicatorParameter parameter, string was)
    {
        string allowed = parameter.IsChoice ? $"one of {string.Join(", ", parameter.Choices.Select(c => c.Name))}"
            : parameter.IsFlag ? "true or false"
            : string.Create(CultureInfo.InvariantCulture, $"a {(parameter.IsWhole ? "whole " : "")}number from {parameter.Min} to {parameter.Max}");
        return new("IND-1002", $"{spec.Name}.{parameter.Name} must be {allowed}, was {was}.", $"{spec.Name}.{parameter.Name}",
            $"Give {allowed}.", ExitCode.BadUsage);
    }
}
