using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.App;
using Sigmatiq.App.Auth;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Bars over HTTP: sent once, checked without a change, taken in as a whole or not at all.</summary>
public sealed class ImportsApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_file_is_checked_without_a_change_then_taken_in_and_recorded()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode upload = await SendAsync(browser, "../../etc/spy daily.csv", Days(5));
        upload["name"]!.GetValue<string>().Should().Be("spy_daily.csv", "no path and nothing that a terminal would read");
        JsonNode again = await SendAsync(browser, "spy daily.csv", Days(5));
        again["id"]!.GetValue<string>().Should().Be(upload["id"]!.GetValue<string>(), "the same bytes are the same upload");

        (await SendAsync(browser, "spy.zip", Days(5)))["id"]!.GetValue<string>().Should().Be(upload["id"]!.GetValue<string>());
        await SendAsync(browser, "spy daily.csv", Days(5));

        var asked = new { upload = upload["id"]!.GetValue<string>(), symbol = "SPY" };
        JsonNode report = await PostAsync(browser, "data/imports/preview", asked);
        JsonNode series = report["series"]!.AsArray().Single()!;
        (series["symbol"]!.GetValue<string>(), series["interval"]!.GetValue<string>(), series["bars"]!.GetValue<int>(), series["added"]!.GetValue<int>(), series["state"]!.GetValue<string>())
            .Should().Be(("SPY", "1d", 5, 5, "would_be_taken_in"));
        (series["rows"]![0]!["row"]!.GetValue<int>(), series["rows"]![0]!["exchange_time"]!.GetValue<string>()).Should().Be((2, "session of 2026-01-05"));
        (await browser.GetFromJsonAsync<JsonArray>("/api/data/series", Ct))!.Should().BeEmpty("nothing was changed");

        (await PostAsync(browser, "data/imports", asked))["code"]!.GetValue<string>().Should().Be("WFL-2205", "a decision has a reason");
        JsonNode made = await PostAsync(browser, "data/imports", new { asked.upload, asked.symbol, reason = "history of the desk" });
        made["series"]![0]!["state"]!.GetValue<string>().Should().Be("taken_in");
        JsonNode listed = (await browser.GetFromJsonAsync<JsonArray>("/api/data/series", Ct))!.Single()!;
        listed["id"]!.GetValue<string>().Should().Be(made["series"]![0]!["snapshot"]!.GetValue<string>());
        JsonNode record = (await browser.GetFromJsonAsync<JsonArray>("/api/audit", Ct))!.Single()!;
        (record["action"]!.GetValue<string>(), record["reason"]!.GetValue<string>(), record["payload"]!["file"]!.GetValue<string>()).Should().Be(("data.imported", "history of the desk", "spy_daily.csv"));
        (await PostAsync(browser, "data/imports/preview", asked))["code"]!.GetValue<string>().Should().Be("APP-2029", "an upload that was taken in is gone");
        Directory.EnumerateFiles(Path.Combine(room.Running.Data.Root, "uploads"), "*", SearchOption.AllDirectories).Should().BeEmpty();

        JsonNode coverage = (await browser.GetFromJsonAsync<JsonArray>("/api/data/coverage", Ct))!.Single()!;
        (coverage["months"]!.ToJsonString(), coverage["bars"]!.ToJsonString(), coverage["missing"]!.ToJsonString(), coverage["calendar"]!.GetValue<string>()).Should().Be(("[\"2026-01\"]", "[5]", "[0]", "NYSE"));
        JsonNode snapshot = (await browser.GetFromJsonAsync<JsonArray>("/api/data/snapshots?symbol=SPY", Ct))!.Single()!;
        (snapshot["newest"]!.GetValue<bool>(), snapshot["kept"]!.GetValue<bool>(), snapshot["sweeps"]!.GetValue<long>()).Should().Be((true, true, 0));
        (await browser.GetFromJsonAsync<JsonNode>($"/api/data/snapshots/{snapshot["id"]}/uses", Ct))!["runs"]!.AsArray().Should().BeEmpty();
        JsonNode prune = (await browser.GetFromJsonAsync<JsonNode>("/api/data/prune", Ct))!;
        (prune["kept"]!.GetValue<int>(), prune["snapshots"]!.AsArray().Count, prune["files"]!.GetValue<int>()).Should().Be((1, 0, 0));
    }

    [Fact]
    public async Task A_bad_file_names_line_and_rule_changes_nothing_and_passes_with_a_waiver_and_its_reason()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        // The third day's high lies below its body.
        string id = (await SendAsync(browser, "spy.csv", Days(5, broken: 2)))["id"]!.GetValue<string>();
        JsonNode series = (await PostAsync(browser, "data/imports/preview", new { upload = id, symbol = "SPY" }))["series"]![0]!;
        (series["state"]!.GetValue<string>(), series["refused_rows"]!.GetValue<int>()).Should().Be(("refused", 1));
        JsonNode row = series["refused"]!.AsArray().Single()!;
        (row["row"]!.GetValue<int>(), row["rule"]!.GetValue<string>(), row["code"]!.GetValue<string>()).Should().Be((4, "high_below_body", "MKT-2103"));
        series["waivable"]!.ToJsonString().Should().Be("[\"high_below_body\"]");
        JsonNode refused = await PostAsync(browser, "data/imports", new { upload = id, symbol = "SPY", reason = "why not" });
        (refused["status"]!.GetValue<int>(), refused["code"]!.GetValue<string>()).Should().Be((409, "MKT-2103"));
        refused.ToJsonString().Should().NotContain(room.Running.Data.Root, "where it lies is nobody's business");
        (await browser.GetFromJsonAsync<JsonArray>("/api/data/series", Ct))!.Should().BeEmpty();
        (await browser.GetFromJsonAsync<JsonArray>("/api/audit", Ct))!.Should().BeEmpty();

        (await PostAsync(browser, "data/imports/preview", new { upload = id, symbol = "SPY", waive = new[] { "high_below_body" } }))["code"]!.GetValue<string>().Should().Be("MKT-2111");
        (await PostAsync(browser, "data/imports/preview", new { upload = id, symbol = "SPY", waive = new[] { "gap" }, reason = "x" }))["code"]!.GetValue<string>().Should().Be("MKT-2110");
        JsonNode taken = await PostAsync(browser, "data/imports", new { upload = id, symbol = "SPY", waive = new[] { "high_below_body" }, reason = "the vendor confirmed it" });
        taken["series"]![0]!["state"]!.GetValue<string>().Should().Be("taken_in");

        // From now on, for the series: only where the rule finds something.
        (await PostAsync(browser, "data/series/SPY/1d/waivers", new { rule = "scale_slip", reason = "x" }))["code"]!.GetValue<string>().Should().Be("MKT-2112");
        (await PostAsync(browser, "data/series/SPY/1d/waivers", new { rule = "high_below_body" }))["code"]!.GetValue<string>().Should().Be("MKT-2111");
        (await PostAsync(browser, "data/series/SPY/1d/waivers", new { rule = "high_below_body", reason = "so it was" }))["findings"]!.GetValue<int>().Should().Be(1);
        (await browser.GetFromJsonAsync<JsonNode>("/api/data/series/SPY/1d/defects", Ct))!["waived"]!["high_below_body"]!.GetValue<string>().Should().Be("so it was");
        (await browser.GetFromJsonAsync<JsonArray>("/api/audit", Ct))!.Select(r => r!["action"]!.GetValue<string>()).Should().Equal("data.imported", "data.waived");
    }

    [Theory]
    [InlineData("notes.csv", "hello\nthere\n", "MKT-2003")]
    [InlineData("spy.csv", "ts,open,high,low,close,volume\n2026-01-05,1,2,abc,1,1\n", "MKT-2005")]
    [InlineData("spy.parquet", "not a parquet file", "MKT-2002")]
    [InlineData("spy.zip", "not an archive", null)]
    [InlineData("empty.csv", "", null)]
    public async Task What_is_no_file_of_bars_is_an_answer_of_the_preview_with_its_place_and_without_its_folder(string name, string text, string? code)
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        string id = (await SendAsync(browser, name, text))["id"]!.GetValue<string>();
        JsonNode report = await PostAsync(browser, "data/imports/preview", new { upload = id, symbol = "SPY" });
        report["series"]!.AsArray().Should().BeEmpty(report.ToJsonString());
        report["problems"]!.AsArray().Should().NotBeEmpty();
        report.ToJsonString().Should().NotContain(room.Running.Data.Root);
        if (code is not null)
        {
            report["problems"]!.AsArray().Select(p => p!["code"]!.GetValue<string>()).Should().Contain(code);
        }
    }

    [Fact]
    public async Task An_upload_is_named_by_its_hash_alone_bounded_and_for_who_may_plan()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct), viewer = await room.Running.SignedInAsync(new Person("vera", "Vera", "viewer", "free"), Ct);
        using HttpClient researcher = await room.Running.SignedInAsync(new Person("rosa", "Rosa", "researcher", "free"), Ct);
        (await SendAsync(browser, "run.exe", "x"))["code"]!.GetValue<string>().Should().Be("MKT-2002");
        (await SendAsync(viewer, "spy.csv", Days(5)))["code"]!.GetValue<string>().Should().Be("USR-1010");
        string id = (await SendAsync(researcher, "spy.csv", Days(5)))["id"]!.GetValue<string>();
        (await PostAsync(researcher, "data/imports/preview", new { upload = id, symbol = "SPY" }))["series"]!.AsArray().Should().ContainSingle();
        (await PostAsync(researcher, "data/imports", new { upload = id, symbol = "SPY", reason = "mine" }))["code"]!.GetValue<string>().Should().Be("USR-1010", "bars are everybody's");
        string[] hostile = ["../../../etc/passwd", "/etc/passwd", "..", "", new string('0', 63), new string('G', 64), $"{id}/../{id}", id.ToUpperInvariant(), "%2e%2e", "C:\\x"];
        foreach (string named in hostile)
        {
            (await PostAsync(browser, "data/imports/preview", new { upload = named, symbol = "SPY" }))["code"]!.GetValue<string>().Should().Be("APP-2029", named);
        }

        foreach (string name in new[] { "..%2F..%2Fspy.csv", "..%5C..%5Cspy.csv", "%01.csv", "spy%0Aname.csv", "%E2%80%AEvsc.yps.csv", new string('a', 300) + ".csv" })
        {
            JsonNode sent = await SendAsync(browser, Uri.UnescapeDataString(name), Days(5));
            sent["name"]!.GetValue<string>().Should().MatchRegex(@"^[A-Za-z0-9._-]{1,90}\.csv$");
        }

        string uploads = Path.Combine(room.Running.Data.Root, "uploads");
        Directory.EnumerateFiles(room.Running.Data.Root, "*.csv", SearchOption.AllDirectories).Should().OnlyContain(f => f.StartsWith(uploads, StringComparison.Ordinal));

        // More than a body of JSON may have, and no more than a file may.
        byte[] large = Encoding.UTF8.GetBytes(Days(5) + new string('\n', 3 * 1024 * 1024));
        (await SendAsync(browser, "large.csv", large))["bytes"]!.GetValue<long>().Should().Be(large.Length);
        using HttpRequestMessage tooLarge = new(HttpMethod.Put, "/api/data/uploads/huge.csv") { Content = new ByteArrayContent([1]) };
        tooLarge.Content.Headers.ContentLength = Uploads.BytesMax + 1;
        Func<Task<HttpStatusCode>> send = async () => (await browser.SendAsync(tooLarge, HttpCompletionOption.ResponseHeadersRead, Ct)).StatusCode;
        try
        {
            (await send()).Should().Be(HttpStatusCode.RequestEntityTooLarge);
        }
        catch (HttpRequestException)
        {
            // The server may close before the body that never comes.
        }

        Directory.EnumerateFiles(uploads, "*.aside").Should().BeEmpty();
    }

    [Fact]
    public async Task Uploads_go_after_a_day()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        string id = (await SendAsync(browser, "spy.csv", Days(5)))["id"]!.GetValue<string>();
        string folder = Path.Combine(room.Running.Data.Root, "uploads", id);
        Directory.SetLastWriteTimeUtc(folder, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-25));
        await SendAsync(browser, "other.csv", Days(4));
        Directory.Exists(folder).Should().BeFalse();
        (await PostAsync(browser, "data/imports/preview", new { upload = id }))["code"]!.GetValue<string>().Should().Be("APP-2029");
    }

    // Monday the fifth of January 2026 and the days after it.
    private static string Days(int count, int broken = -1)
    {
        StringBuilder text = new("ts,open,high,low,close,volume\n");
        for (int i = 0; i < count; i++)
        {
            double open = 480 + i, close = open + 1, high = i == broken ? open - 1 : close + 1, low = i == broken ? open - 2 : open - 1;
            text.Append(CultureInfo.InvariantCulture, $"{new DateOnly(2026, 1, 5).AddDays(i):yyyy-MM-dd},{open},{high},{low},{close},{1000 + i}\n");
        }

        return text.ToString();
    }

    private static Task<JsonNode> SendAsync(HttpClient browser, string name, string text) => SendAsync(browser, name, Encoding.UTF8.GetBytes(text));

    private static async Task<JsonNode> SendAsync(HttpClient browser, string name, byte[] bytes)
    {
        using ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage answer = await browser.PutAsync($"/api/data/uploads/{Uri.EscapeDataString(name)}", content, Ct);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
    }

    private static async Task<JsonNode> PostAsync(HttpClient browser, string path, object body)
    {
        using HttpResponseMessage answer = await browser.PostAsJsonAsync($"/api/{path}", body, Ct);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
    }
}
