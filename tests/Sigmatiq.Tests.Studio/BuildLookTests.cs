namespace Sigmatiq.Tests.Studio;

/// <summary>The pages about packs and models, looked at as <see cref="LookTests"/> looks at the others.</summary>
[Collection(nameof(BuiltStudio))]
public sealed class BuildLookTests(BuiltStudio studio)
{
    public static TheoryData<string, string> Pages => new()
    {
        { "packs", "/packs" }, { "pack", "/packs/swingsigma/1.1.0?diff=1.0.0" }, { "models", "/models?f=status:all" }, { "model-new", "/models/new?step=3" }, { "model", "/models/{model}" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_is_well_in_both_themes_and_at_both_widths(string name, string path) =>
        LookTests.LookAsync(studio, name, path.Replace("{model}", "mkt-syn_momentum_swing_swingsigma-1-1-0", StringComparison.Ordinal));
}
