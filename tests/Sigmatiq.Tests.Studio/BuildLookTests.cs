namespace Sigmatiq.Tests.Studio;

/// <summary>The pages about packs, models, trainings, forecasts and production, looked at as <see cref="LookTests"/> looks at the others.</summary>
[Collection(nameof(BuiltStudio))]
public sealed class BuildLookTests(BuiltStudio studio)
{
    public static TheoryData<string, string> Pages => new()
    {
        { "packs", "/packs" }, { "pack", "/packs/swingsigma/1.1.0" }, { "models", "/models?f=status:all" }, { "model-new", "/models/new?step=3" }, { "model", "/models/{model}" },
        { "training", "/training" }, { "training-job", "/training/train_002" }, { "trained-model", "/trained-models/{model}_trained_002" },
        { "forecasting", "/forecasting" }, { "production", "/production" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_well_in_both_themes_and_at_both_widths(string name, string path)
    {
        if (name == "production")
        {
            await studio.DeployAsync();
        }

        await LookTests.LookAsync(studio, name, path.Replace("{model}", "mkt-syn_momentum_swing_swingsigma-1-1-0", StringComparison.Ordinal));
    }
}
