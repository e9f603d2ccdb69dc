namespace Sigmatiq.Tests.Studio;

/// <summary>The pages about sweeps, looked at as <see cref="LookTests"/> looks at the others.</summary>
[Collection(nameof(SweptStudio))]
public sealed class SweepsLookTests(SweptStudio studio)
{
    public static TheoryData<string, string> Pages => new()
    {
        { "sweeps", "/sweeps" }, { "sweep-plan", "/sweeps/new?kind=custom&v=thresholds:0.5..0.7 by 0.05&v=position_size_pct:1, 2, 3&v=stop_loss_pct:3, 5&from=2022-01-01&to=2023-12-31&confidence=rule" },
        { "leaderboard", "/sweeps/{simple}?sizes=apart&f=trades:>=20&sel={best}" }, { "leaderboard-none", "/sweeps/{failing}" }, { "compare", "/sweeps/{simple}?sel=23,29&view=compare" },
        { "combo", "/sweeps/{simple}/combos/23?focus=trade:3" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_is_well_in_both_themes_and_at_both_widths(string name, string path) => LookTests.LookAsync(studio, name, path.Replace("{simple}", studio.Simple, StringComparison.Ordinal)
        .Replace("{failing}", studio.Failing, StringComparison.Ordinal).Replace("{best}", "23,29", StringComparison.Ordinal));
}
