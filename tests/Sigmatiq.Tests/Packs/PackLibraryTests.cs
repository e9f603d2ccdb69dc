using Sigmatiq.Packs;

namespace Sigmatiq.Tests.Packs;

public sealed class PackLibraryTests
{
    private static readonly PackLibrary Library = new(Path.Combine(Checkout.Root, "packs"));

    [Fact]
    [Trait("Row", "S0-01")]
    public void The_pack_swingsigma_1_1_0_carries_its_identity_as_written()
    {
        Pack pack = Library.Load("swingsigma@1.1.0");
        pack.Id.Should().Be("swingsigma");
        pack.Name.Should().Be("Swing Sigma");
        pack.Version.ToString().Should().Be("1.1.0");
        pack.Description.Should().Be("2–10 day swing strategies for stocks and options");
        pack.Author.Should().Be("Sigmatiq Team");
        pack.CreatedAt.Should().Be(new DateOnly(2024, 1, 1));
    }

    [Fact]
    public void Without_a_version_the_newest_is_meant() => Library.Load("swingsigma").Reference.Should().Be("swingsigma@1.1.0");
}
