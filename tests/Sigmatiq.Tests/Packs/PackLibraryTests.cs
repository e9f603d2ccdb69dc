using Sigmatiq.Packs;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Packs;

public sealed class PackLibraryTests
{
    [Fact]
    public void Versions_are_listed_by_id_and_age() =>
        SomePack.Library.List().Select(p => $"{p.Id}@{p.Version}").Should().Equal("rsi-ema-stops@1.0.0", "swingsigma@1.0.0", "swingsigma@1.1.0");

    [Fact]
    public void Without_a_version_the_newest_release_is_meant()
    {
        SomePack.Library.Load("swingsigma").Reference.Should().Be("swingsigma@1.1.0");
        using TemporaryFolder folder = new();
        foreach (string version in (string[])["1.9.0", "1.10.0", "2.0.0-beta.1"])
        {
            Directory.CreateDirectory(folder["p", version]);
        }

        new PackLibrary(folder.Path).Resolve("p").Version.ToString().Should().Be("1.10.0", "a preview is never meant by itself");
        new PackLibrary(folder.Path).Resolve("p@2.0.0-beta.1").Version.Label.Should().Be("beta.1");
    }

    [Theory]
    [InlineData("nosuch")]
    [InlineData("swingsigma@9.9.9")]
    [InlineData("swingsigma@1.1")]
    [InlineData("../packs")]
    [InlineData("a@b@c")]
    public void An_unknown_pack_or_version_is_refused(string reference) =>
        Refused(() => SomePack.Library.Load(reference)).Code.Should().Be("MDL-1001");

    [Fact]
    public void A_folder_that_holds_another_version_is_refused()
    {
        using TemporaryFolder folder = new();
        CopyTo(folder["swingsigma", "3.0.0"], SomePack.Texts());
        Refused(() => new PackLibrary(folder.Path).Load("swingsigma")).Code.Should().Be("PCK-1009");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using TemporaryFolder folder = new();
        CopyTo(folder["swingsigma", "1.1.0"], SomePack.Texts());
        File.Delete(folder["swingsigma", "1.1.0", "gates.yaml"]);
        Problem problem = Refused(() => new PackLibrary(folder.Path).Load("swingsigma"));
        problem.Code.Should().Be("PCK-1001");
        problem.Message.Should().Contain("gates.yaml");
    }

    [Theory]
    [InlineData("1.0.0", "1.0.1")]
    [InlineData("1.9.0", "1.10.0")]
    [InlineData("2.0.0-alpha", "2.0.0-alpha.1")]
    [InlineData("2.0.0-alpha.2", "2.0.0-alpha.10")]
    [InlineData("2.0.0-1", "2.0.0-alpha")]
    [InlineData("2.0.0-rc.1", "2.0.0")]
    public void Versions_compare_as_semantic_versions_do(string earlier, string later)
    {
        PackVersion.TryParse(earlier, out PackVersion a).Should().BeTrue();
        PackVersion.TryParse(later, out PackVersion b).Should().BeTrue();
        a.CompareTo(b).Should().BeNegative();
        b.CompareTo(a).Should().BePositive();
        a.ToString().Should().Be(earlier);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("01.1.0")]
    [InlineData("1.1.0 ")]
    [InlineData("v1.1.0")]
    [InlineData("1.1.0-")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_semantic_version_is_not_read(string? text) => PackVersion.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void An_older_pack_stays_usable_for_two_major_versions()
    {
        using TemporaryFolder folder = new();
        PackLibrary library = new(folder.Path);
        Publish("1.1.0");
        Publish("3.9.0");
        library.LoadUsable("swingsigma@1.1.0").Reference.Should().Be("swingsigma@1.1.0");
        Publish("4.0.0-rc.1");
        library.LoadUsable("swingsigma@1.1.0").Should().NotBeNull("a preview retires nothing");
        Publish("4.0.0");
        Problem refused = Refused(() => library.LoadUsable("swingsigma@1.1.0"));
        refused.Code.Should().Be("MDL-1011");
        refused.Remedy.Should().Contain("packs migrate").And.Contain("4.0.0");
        library.Load("swingsigma@1.1.0").Should().NotBeNull("what was made on it must stay readable");
        library.LoadUsable("swingsigma").Version.Major.Should().Be(4);

        void Publish(string version) => CopyTo(folder["swingsigma", version], SomePack.Texts(("version: \"1.1.0\"", $"version: \"{version}\"")));
    }

    internal static void CopyTo(string folder, Dictionary<string, string> texts)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in texts)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }

    internal static Problem Refused(Action action) => action.Should().Throw<ProblemException>().Which.Problem;
}
