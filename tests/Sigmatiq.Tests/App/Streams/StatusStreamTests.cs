using System.Text;
using System.Text.RegularExpressions;

namespace Sigmatiq.Tests.App.Streams;

/// <summary>What an open tab of the studio is told (spec 08 §8.7), and what it is told when it comes back.</summary>
public sealed class StatusStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_comes_back_is_told_at_once_if_anything_changed_and_nothing_otherwise()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        string first = await FirstAsync(browser, null);
        string id = Regex.Match(first, "^id: (.+)\nevent: change\n", RegexOptions.Multiline).Groups[1].Value;
        id.Should().NotBeEmpty(first);
        (await FirstAsync(browser, id)).Should().NotContain("event: change").And.Contain("event: version");
        await room.Platform.Engine.Requests.StartAsync(new(room.Platform.Workflows.Load("lifecycle"), [], "operator"), Ct);
        await Task.Delay(TimeSpan.FromSeconds(1.1), Ct); // the store is read once a second, however many tabs are open
        (await FirstAsync(browser, id)).Should().Contain("event: change").And.NotContain($"id: {id}\n");
    }

    [Fact]
    public async Task An_open_tab_hears_when_somebody_opens_or_leaves_a_designer_and_nothing_while_they_stay()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        string before = await FirstAsync(browser, null);
        before.Should().Contain("event: design");
        await room.Platform.Editors.KeepAsync("lifecycle", "operator", "Local operator", "tab-1234", "1.0.0", Ct);
        string opened = await StampAsync();
        before.Should().NotContain(opened);
        await room.Platform.Editors.KeepAsync("lifecycle", "operator", "Local operator", "tab-1234", "1.0.0", Ct);
        (await StampAsync()).Should().Be(opened, "who says again that they are there changes nothing");
        await room.Platform.Editors.LeaveAsync("lifecycle", "operator", "tab-1234", Ct);
        before.Should().Contain(await StampAsync());

        Task<string> StampAsync() => room.Platform.Editors.StampAsync(Ct);
    }

    private static async Task<string> FirstAsync(HttpClient browser, string? last)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        using HttpResponseMessage stream = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        await using Stream body = await stream.Content.ReadAsStreamAsync(Ct);
        byte[] said = new byte[1024];
        return Encoding.UTF8.GetString(said, 0, await body.ReadAsync(said, Ct));
    }
}
