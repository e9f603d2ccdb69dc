namespace Sigmatiq.Tests.Studio;

/// <summary>The pages about schedules, system and data, looked at as <see cref="LookTests"/> looks at the others.</summary>
[Collection(nameof(OperatedStudio))]
public sealed class OperateLookTests(OperatedStudio studio)
{
    public static TheoryData<string, string> Pages => new()
    {
        { "schedules", "/schedules?sel=nightly_report" }, { "backfill", "/schedules/nightly_report/backfill?from=2026-01-12&to=2026-01-20" },
        { "data", "/data" }, { "series", "/data/SPY/1h?day=2026-01-08" }, { "import", "/data/import" }, { "system", "/system" }, { "users", "/system/users?sel=operator" }, { "keys", "/system/keys" }, { "audit", "/system/audit" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_is_well_in_both_themes_and_at_both_widths(string name, string path) => LookTests.LookAsync(studio, name, path);
}
