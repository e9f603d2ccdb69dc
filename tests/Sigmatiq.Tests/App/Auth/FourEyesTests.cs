using Sigmatiq.App.Auth;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.App.Auth;

public sealed class FourEyesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_eyes_are_strict_as_soon_as_there_is_a_second_person_who_may_vote()
    {
        using TemporaryFolder folder = new();
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct);
        People people = new(rows, TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 1));
        (await people.FourEyesAsync(Ct)).Should().Be(FourEyes.Relaxed);
        await people.AddAsync(rows, People.LocalOperator, Ct);
        await people.AddAsync(rows, new("eva", "Eva", "viewer", "free"), Ct);
        (await people.FourEyesAsync(Ct)).Should().Be(FourEyes.Relaxed, "a viewer has no vote");
        await people.AddAsync(rows, new("ana", "Ana", "approver", "pro"), Ct);
        (await people.FourEyesAsync(Ct)).Should().Be(FourEyes.Strict);
        (await People.FindVoterAsync(rows, "ana", Ct)).Should().Be(new Voter("ana", "Ana", "approver"));
        await rows.ExecuteAsync("update users set disabled_at_utc = '2026-01-01T00:00:00.000000Z' where id = 'ana'", null, Ct);
        (await people.FourEyesAsync(Ct)).Should().Be(FourEyes.Relaxed);
        (await People.FindVoterAsync(rows, "ana", Ct))!.IsActive.Should().BeFalse();
        (await People.FindVoterAsync(rows, "nobody", Ct)).Should().BeNull();
    }
}
