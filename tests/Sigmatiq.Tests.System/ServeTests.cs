using System.Net;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>One store has one engine; whoever comes second is told where it is.</summary>
public sealed class ServeTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("sigmatiq-serve-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => data.Delete(recursive: true);

    [Fact]
    public async Task A_second_start_prints_the_address_of_the_first_with_a_link_that_works()
    {
        using ProgramProcess first = Start("serve");
        string address = await AddressAsync(first);
        using ProgramProcess second = Start("serve");
        (await second.EndAsync(Soon, Token)).Should().Be(0);
        second.Out.Should().Contain($"already serves").And.Contain(address);
        string link = (await second.SaysAsync(@"http\S+/sign-in\?token=[0-9a-f]{64}", Soon, Token)).Value;
        using var browser = new HttpClient();
        string page = await browser.GetStringAsync(link, Token);
        page.Should().Contain("No run yet");
    }

    [Fact]
    public async Task Stopping_is_tidy_and_frees_the_engine()
    {
        using (ProgramProcess first = Start("serve"))
        {
            await AddressAsync(first);
            first.Terminate();
            (await first.EndAsync(Soon, Token)).Should().Be(0);
            first.Error.Should().NotContain("APP-9001");
        }

        using ProgramProcess second = Start("serve");
        await AddressAsync(second);
        second.Out.Should().NotContain("already serves");
    }

    [Fact]
    public async Task After_a_kill_the_next_start_takes_over_at_once()
    {
        using (ProgramProcess first = Start("serve"))
        {
            await AddressAsync(first);
            first.Kill();
        }

        using ProgramProcess second = Start("serve");
        string address = await AddressAsync(second);
        using var browser = new HttpClient();
        (await browser.GetAsync($"{address}/health", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static async Task<string> AddressAsync(ProgramProcess program) =>
        (await program.SaysAsync(@"serves \S+ at (http://127\.0\.0\.1:\d+)$", Soon, Token)).Groups[1].Value;

    private ProgramProcess Start(string verb) => ProgramProcess.Start(verb, "--data", data.FullName);
}
