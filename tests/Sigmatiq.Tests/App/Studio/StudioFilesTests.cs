using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Sigmatiq.App.Studio;

namespace Sigmatiq.Tests.App.Studio;

/// <summary>How the studio reaches a browser (spec 08 §8.7): one page for every address, files that never change, and nothing beside them.</summary>
public sealed class StudioFilesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/hub")]
    [InlineData("/runs")]
    [InlineData("/runs/run_01?sel=sweep&tab=yaml")]
    [InlineData("/workflows")]
    [InlineData("/sweeps/new")]
    [InlineData("/events")]
    public async Task A_browser_gets_the_studio_at_every_address_and_a_program_gets_none(string path)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await BrowserAsync(running), program = await running.SignedInAsync(Token);
        using HttpResponseMessage page = await browser.GetAsync(path, Token);
        page.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await page.Content.ReadAsStringAsync(Token)).Should().Contain("A studio");
        using HttpResponseMessage other = await program.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);
        other.Content.Headers.ContentType?.MediaType.Should().NotBe("text/html");
        using HttpResponseMessage asked = await browser.GetAsync("/api" + path, HttpCompletionOption.ResponseHeadersRead, Token);
        asked.Content.Headers.ContentType?.MediaType.Should().NotBe("text/html", "what lies under /api is for programs");
    }

    [Fact]
    public async Task What_the_server_shows_itself_stays_its_own()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await BrowserAsync(running);
        (await browser.GetStringAsync("/sign-in", Token)).Should().Contain("one-time link").And.NotContain("A studio");
        (await browser.GetStringAsync("/status", Token)).Should().Contain("MKT.SYN").And.NotContain("A studio");
        (await browser.GetStringAsync("/health", Token)).Should().Contain("ok").And.NotContain("A studio");
    }

    [Fact]
    public async Task Each_answer_has_a_nonce_of_its_own_which_the_policy_names_and_nothing_inline_is_allowed_without_it()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await BrowserAsync(running);
        HashSet<string> seen = [];
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage page = await browser.GetAsync("/", Token);
            string policy = page.Headers.GetValues("Content-Security-Policy").Single();
            string[] nonces = [.. Regex.Matches(await page.Content.ReadAsStringAsync(Token), "nonce=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
            nonces.Should().HaveCount(2).And.OnlyContain(n => n == nonces[0]);
            Convert.FromBase64String(nonces[0]).Should().HaveCount(16);
            policy.Should().Contain($"style-src 'self' 'nonce-{nonces[0]}'").And.Contain($"script-src 'self' 'nonce-{nonces[0]}'").And.Contain("default-src 'none'")
                .And.Contain("frame-ancestors 'none'").And.NotContain("unsafe");
            page.Headers.CacheControl!.NoStore.Should().BeTrue();
            seen.Add(nonces[0]).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("br, gzip", "br", 3)]
    [InlineData("gzip", "gzip", 2)]
    [InlineData("", null, 25)]
    public async Task A_file_comes_compressed_as_the_browser_takes_it_and_is_kept_for_good(string taken, string? encoding, int bytes)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient browser = await BrowserAsync(running);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/app-1.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", taken);
        using HttpResponseMessage file = await browser.SendAsync(request, Token);
        file.Content.Headers.ContentType!.MediaType.Should().Be("text/javascript");
        file.Content.Headers.ContentEncoding.Should().Equal(encoding is null ? [] : [encoding]);
        (await file.Content.ReadAsByteArrayAsync(Token)).Should().HaveCount(bytes);
        file.Headers.CacheControl!.ToString().Should().Contain("immutable").And.Contain("max-age=31536000");
        file.Headers.Vary.Should().Equal("Accept-Encoding");
    }

    [Theory]
    [InlineData("/assets/gone-1.js")]
    [InlineData("/assets/notes.exe")]
    [InlineData("/assets/app-1.js.br")]
    [InlineData("/assets/..%2fsecret.txt")]
    [InlineData("/assets/%2e%2e%2findex.html")]
    [InlineData("/assets/..%5csecret.txt")]
    [InlineData("/secret.txt")]
    public async Task Nothing_but_the_files_of_the_build_is_read(string path)
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient program = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await program.GetAsync(path, Token);
        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2016").And.NotContain("not served").And.NotContain("not ours");
    }

    [Fact]
    public async Task A_stranger_gets_no_file()
    {
        await using RunningServer running = await RunningServer.StartAsync(Token);
        using HttpClient stranger = running.Stranger();
        (await stranger.GetAsync("/assets/app-1.js", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void A_program_that_was_built_without_a_studio_has_none()
    {
        using TemporaryFolder folder = new();
        StudioFiles.Read(folder.Path).IsBuilt.Should().BeFalse();
        StudioFiles.Read(BuiltStudio.In(folder["wwwroot"])).IsBuilt.Should().BeTrue();
    }

    private static async Task<HttpClient> BrowserAsync(RunningServer running)
    {
        HttpClient browser = await running.SignedInAsync(Token);
        browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return browser;
    }
}
