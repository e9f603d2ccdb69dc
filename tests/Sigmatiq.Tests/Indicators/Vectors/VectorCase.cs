using System.Globalization;

namespace Sigmatiq.Tests.Indicators.Vectors;

/// <summary>A published series: the numbers as their source wrote them, empty where it has none.</summary>
/// <param name="Texts">One text per bar, oldest first.</param>
internal sealed record Published(string[] Texts)
{
    /// <summary>Digits behind the point of the longest number: sources drop or add trailing zeros.</summary>
    public int Decimals => Texts.Max(t => t.IndexOf('.') is var point and >= 0 && !t.Contains('E', StringComparison.OrdinalIgnoreCase)
        ? t.TrimEnd('0').Length - point - 1
        : 0);

    /// <summary>How many units of its last digit the source may be off: half a one, if it rounded only at the end.</summary>
    public double Units { get; init; } = 0.5;

    /// <summary>How far a number may be off: <see cref="Tolerance"/>, but half a unit of its own last digit where the source keeps significant
    /// digits (ten of them) and so has fewer behind the point of a large number.</summary>
    public double ToleranceOf(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && text.Count(char.IsAsciiDigit) == 10 ? Math.Max(Tolerance, 0.5 * Math.Pow(10, point + 1 - text.Length) * (1 + 1e-6)) : Tolerance;
    }

    /// <summary>1e-8 where the source has the digits (or counts whole shares), else <see cref="Units"/> of its last one.</summary>
    public double Tolerance => Decimals is 0 or >= 8 ? 1e-8 : Units * Math.Pow(10, -Decimals) * (1 + 1e-6);
}

/// <summary>One published series beside ours.</summary>
/// <param name="Indicator">The catalog's name.</param>
/// <param name="Setting">Settings as on the command line.</param>
/// <param name="Source"><c>stock-indicators</c>, <c>tulip</c> or <c>stockcharts</c>.</param>
/// <param name="What">Where it stands in the source, and which output it is.</param>
/// <param name="Theirs">The published series.</param>
/// <param name="Ours">Ours.</param>
/// <param name="EmptyMeansUndefined">Whether ours must be undefined where the source has no number.</param>
internal sealed record VectorCase(
    string Indicator, string Setting, string Source, string What, Published Theirs, double[] Ours, bool EmptyMeansUndefined = true)
{
    /// <summary>Compares every number; the count and the worst distance, or a failure that says where.</summary>
    public (int Numbers, double Worst) Compare()
    {
        string name = $"{Indicator} {Setting} against {Source} {What}";
        Ours.Length.Should().Be(Theirs.Texts.Length, name);
        double worst = 0;
        int numbers = 0;
        for (int t = 0; t < Ours.Length; t++)
        {
            if (Theirs.Texts[t].Length == 0)
            {
                (EmptyMeansUndefined && !double.IsNaN(Ours[t])).Should().BeFalse($"{name} has no value at bar {t}, ours was {Ours[t]}");
                continue;
            }

            double distance = Math.Abs(Ours[t] - double.Parse(Theirs.Texts[t], CultureInfo.InvariantCulture));
            double tolerance = Theirs.ToleranceOf(Theirs.Texts[t]);
            (distance <= tolerance).Should().BeTrue($"{name} at bar {t} is {Theirs.Texts[t]} within {tolerance:g3}, ours was {Ours[t]:r}");
            worst = Math.Max(worst, distance);
            numbers++;
        }

        numbers.Should().BePositive($"{name}: a comparison of nothing proves nothing");
        return (numbers, worst);
    }
}
