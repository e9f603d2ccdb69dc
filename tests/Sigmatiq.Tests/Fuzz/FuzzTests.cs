using Sigmatiq.Fuzz;

namespace Sigmatiq.Tests.Fuzz;

/// <summary>10,000 spoiled inputs a reader; any number by <c>dotnet tests/Sigmatiq.Fuzz/…/Sigmatiq.Fuzz.dll --inputs N --seed S</c>.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 10_000;

    public static TheoryData<string> Names => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Spoiled_input_is_taken_or_refused_with_a_code_and_nothing_else(string name)
    {
        using IFuzzTarget target = FuzzTargets.Open(name);
        target.Corpus.Should().OnlyContain(good => target.Read(good), "what is spoiled must have been good");
        FuzzReport report = FuzzRun.Over(target, seed: 1, from: 0, Inputs);
        output.WriteLine($"{name}: {report.Taken} taken, {report.Refused} refused with {report.Codes.Count} codes ({string.Join(", ", report.Codes.Keys)})");
        report.Findings.Should().BeEmpty();
        report.Taken.Should().BeGreaterThan(Inputs / 100, "where all is refused only the first check was tried");
        report.Refused.Should().BeGreaterThan(Inputs / 10);
    }
}
