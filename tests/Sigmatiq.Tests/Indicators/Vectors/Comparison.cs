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

    /// <summary>1e-8 where the source has the digits (or counts whole shares), else <see cref="Units"/> of its last one.</summary>
    public double Tolerance => Decimals is 0 or >= 8 ? 1e-8 : Units * Math.Pow(10, -Decimals) * (1 + 1e-6);
}

/// <summary>Compares our series with published ones, writes what was compared, and refuses to end on nothing.</summary>
internal sealed class Comparison
{
    private readonly ITestOutputHelper output;
    private int compared;

    private Comparison(ITestOutputHelper output) => this.output = output;

    /// <summary>Runs comparisons; at least one number must have been compared.</summary>
    public static void Run(ITestOutputHelper output, Action<Comparison> compare)
    {
        var comparison = new Comparison(output);
        compare(comparison);
        comparison.compared.Should().BePositive("a comparison of nothing proves nothing");
    }

    /// <summary>Every bar must agree; where the source has no number, we must have none.</summary>
    public void Whole(string what, Published published, ReadOnlySpan<double> ours) => Compare(what, published, ours, emptyMeansUndefined: true);

    /// <summary>Every number of the source must agree; its empty cells say nothing.</summary>
    public void Given(string what, Published published, ReadOnlySpan<double> ours) => Compare(what, published, ours, emptyMeansUndefined: false);

    /// <summary>Says which published series is not compared, and why.</summary>
    public void LeftOut(string what, string reason) => output.WriteLine($"{what}: left out, {reason}");

    private void Compare(string what, Published published, ReadOnlySpan<double> ours, bool emptyMeansUndefined)
    {
        ours.Length.Should().Be(published.Texts.Length, what);
        double tolerance = published.Tolerance, worst = 0;
        int numbers = 0, empty = 0;
        for (int t = 0; t < ours.Length; t++)
        {
            if (published.Texts[t].Length == 0)
            {
                empty++;
                (emptyMeansUndefined && !double.IsNaN(ours[t])).Should().BeFalse($"{what} has no value at bar {t}, ours was {ours[t]}");
                continue;
            }

            double expected = double.Parse(published.Texts[t], CultureInfo.InvariantCulture);
            double distance = Math.Abs(ours[t] - expected);
            (distance <= tolerance).Should().BeTrue($"{what} at bar {t} is {published.Texts[t]} within {tolerance:g3}, ours was {ours[t]:r}");
            worst = Math.Max(worst, distance);
            numbers++;
        }

        numbers.Should().BePositive(what);
        compared += numbers;
        output.WriteLine($"{what}: {numbers} numbers within {tolerance:g3} (worst {worst:g3}){(emptyMeansUndefined ? $", {empty} undefined" : "")}");
    }
}
