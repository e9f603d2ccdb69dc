using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.App.Api;

/// <summary>What the designer asks of the server: versions that are saved and never overwritten, tests, comparisons, layouts and drafts.</summary>
public sealed class WorkflowDesignApiTests
{
    private const string Mine = """
        # kept with its comments
        workflow: mine
        version: 1.0.0
        summary: Bars of one symbol
        steps:
          bootstrap: { uses: store.bootstrap }
          align:
            uses: market.align
            needs: [bootstrap]
            with: { pack: swingsigma, ticker: MKT.SYN }
        tests:
          - name: bars come
            expect: { align: succeeded, run: completed }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_saved_version_is_a_file_published_and_recorded_and_none_is_ever_overwritten()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode saved = await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine, @base = (string?)null, note = "first" }, HttpStatusCode.Created);
        saved["file"]!.GetValue<string>().Should().Be("mine.1.0.0.yaml");
        string path = Path.Combine(files.Path, "mine.1.0.0.yaml");
        (await File.ReadAllTextAsync(path, Ct)).Should().Be(Mine, "comments are kept");
        (await room.Platform.Engine.Versions.HashAsync("mine", "1.0.0", Ct))!.Value.Hex.Should().Be(saved["workflow_hash"]!.GetValue<string>());
        (await browser.GetFromJsonAsync<JsonArray>("/api/workflows", Ct))!.Single()!["id"]!.GetValue<string>().Should().Be("mine");
        JsonNode[] audit = [.. (await room.Platform.Rows.QueryAsync<string>("select reason from audit where action = 'workflow.saved'", null, Ct)).Select(r => (JsonNode)r!)];
        audit.Should().ContainSingle().Which.GetValue<string>().Should().Be("first");

        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine, @base = "1.0.0", note = "" }, HttpStatusCode.OK);
        JsonNode taken = await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine.Replace("Bars of", "All of"), @base = "1.0.0" }, HttpStatusCode.Conflict);
        (taken["code"]!.GetValue<string>(), taken["present"]!.GetValue<string>()).Should().Be((WorkflowCodes.VersionTaken, Mine));
        (await File.ReadAllTextAsync(path, Ct)).Should().Be(Mine);

        string next = Mine.Replace("1.0.0", "1.1.0").Replace("Bars of", "All of");
        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = next, @base = "1.0.0" }, HttpStatusCode.Created);
        JsonNode late = await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = next.Replace("1.1.0", "1.2.0"), @base = "1.0.0" }, HttpStatusCode.Conflict);
        (late["title"]!.GetValue<string>(), late["present"]!.GetValue<string>()).Should().Be(("Somebody has saved mine 1.1.0 since 1.0.0.", next));
        JsonNode unknown = await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = next.Replace("1.1.0", "1.2.0") }, HttpStatusCode.Conflict);
        unknown["title"]!.GetValue<string>().Should().Be("There is a workflow mine already, in version 1.1.0.");
        Directory.GetFiles(files.Path).Should().HaveCount(2, "nothing half written stays");
    }

    [Fact]
    public async Task A_text_that_is_no_workflow_is_not_saved_and_each_problem_has_line_column_step_and_field()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        string wrong = Mine.Replace("[bootstrap]", "[bootstrp]").Replace("ticker: MKT.SYN", "ticker: \"{params.none}\"");
        JsonNode refused = await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = wrong }, HttpStatusCode.UnprocessableEntity);
        refused["problems"]!.AsArray().Select(p => p!["code"]!.GetValue<string>()).Should().Equal(WorkflowCodes.UnknownStep, WorkflowCodes.UnknownParameter);
        Directory.Exists(files.Path).Should().BeTrue();
        Directory.GetFiles(files.Path).Should().BeEmpty();

        JsonArray problems = (await SendAsync(browser, HttpMethod.Post, "workflows/validate", new { text = wrong }, HttpStatusCode.OK))["problems"]!.AsArray();
        problems.Select(p => (Line: p!["line"]!.GetValue<int>(), Step: p["step"]!.GetValue<string>(), Path: string.Join('.', p["path"]!.AsArray().Select(k => k!.GetValue<string>())))).Should()
            .Equal((9, "align", "steps.align.needs.0"), (10, "align", "steps.align.with.ticker"));
        JsonNode broken = (await SendAsync(browser, HttpMethod.Post, "workflows/validate", new { text = "steps: {" }, HttpStatusCode.OK))["problems"]![0]!;
        (broken["code"]!.GetValue<string>(), broken["step"], broken["path"]!.AsArray().Count).Should().Be((WorkflowCodes.Structure, null, 0));
    }

    [Fact]
    public async Task A_text_that_says_another_workflow_than_it_is_meant_for_is_not_saved()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode refused = await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine, workflow = "yours" }, HttpStatusCode.UnprocessableEntity);
        refused["code"]!.GetValue<string>().Should().Be(WorkflowCodes.OtherWorkflow);
        Directory.GetFiles(files.Path).Should().BeEmpty();
        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine, workflow = "mine" }, HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_newest_file_that_is_broken_or_was_edited_is_given_as_it_stands_with_its_problems_and_the_last_content_that_held()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        (await browser.GetAsync("/api/workflows/mine/source", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine }, HttpStatusCode.Created);
        JsonNode sound = await SourceAsync();
        (sound["state"]!.GetValue<string>(), sound["text"]!.GetValue<string>(), sound["file"]!.GetValue<string>(), sound["good"]).Should().Be(("sound", Mine, "mine.1.0.0.yaml", null));

        // Edited under its published version: what was published is the last that held.
        string edited = Mine.Replace("Bars of", "All bars of");
        await File.WriteAllTextAsync(Path.Combine(files.Path, "mine.1.0.0.yaml"), edited, Ct);
        JsonNode changed = await SourceAsync();
        (changed["state"]!.GetValue<string>(), changed["text"]!.GetValue<string>()).Should().Be(("changed", edited));
        changed["problems"]!.AsArray().Select(p => p!["code"]!.GetValue<string>()).Should().Equal(WorkflowCodes.Immutable);
        (changed["good"]!["version"]!.GetValue<string>(), changed["good"]!["origin"]!.GetValue<string>(), changed["good"]!["text"]!.GetValue<string>()).Should().Be(("1.0.0", "published", Mine));

        // Broken, by a version that was never published: the one before it.
        string broken = Mine.Replace("1.0.0", "1.1.0").Replace("needs: [bootstrap]", "needs: [bootstrp");
        await File.WriteAllTextAsync(Path.Combine(files.Path, "mine.1.1.0.yaml"), broken, Ct);
        JsonNode torn = await SourceAsync();
        (torn["state"]!.GetValue<string>(), torn["version"]!.GetValue<string>(), torn["text"]!.GetValue<string>(), torn["good"]!["version"]!.GetValue<string>()).Should().Be(("broken", "1.1.0", broken, "1.0.0"));
        torn["problems"]!.AsArray().Should().ContainSingle();
        await File.WriteAllTextAsync(Path.Combine(files.Path, "mine.1.1.0.yaml"), broken = broken.Replace("[bootstrp", "[bootstrp]"), Ct);
        JsonNode wrong = (await SourceAsync())["problems"]![0]!;
        (wrong["code"]!.GetValue<string>(), wrong["line"]!.GetValue<int>(), wrong["step"]!.GetValue<string>()).Should().Be((WorkflowCodes.UnknownStep, 9, "align"));

        // No text at all, and nothing before it.
        await File.WriteAllBytesAsync(Path.Combine(files.Path, "alone.1.0.0.yaml"), [0x77, 0xff, 0xfe, 0x0a], Ct);
        JsonNode alone = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/alone/source", Ct))!;
        (alone["state"]!.GetValue<string>(), alone["text"], alone["good"]).Should().Be(("unreadable", null, null));
        alone["problems"]!.AsArray().Should().NotBeEmpty();

        // A mended version after it is saved as any other, and what was broken stays as it is.
        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine.Replace("1.0.0", "1.1.1"), @base = "1.1.0" }, HttpStatusCode.Created);
        (await SourceAsync())["state"]!.GetValue<string>().Should().Be("sound");
        (await File.ReadAllTextAsync(Path.Combine(files.Path, "mine.1.1.0.yaml"), Ct)).Should().Be(broken);

        // Files that were taken away leave what was published.
        foreach (string file in Directory.GetFiles(files.Path, "mine.*"))
        {
            File.Delete(file);
        }

        JsonNode gone = await SourceAsync();
        (gone["version"]!.GetValue<string>(), gone["file"], gone["state"]!.GetValue<string>()).Should().Be(("1.1.1", null, "sound"));

        async Task<JsonNode> SourceAsync() => (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/source", Ct))!;
    }

    [Fact]
    public async Task Whoever_has_a_designer_open_is_named_to_the_others_until_they_leave_and_the_newest_version_says_who_saved_it()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode empty = await SendAsync(browser, HttpMethod.Put, "workflows/mine/desk", new { tab = "tab-0001", @base = (string?)null }, HttpStatusCode.OK);
        (empty["newest"], empty["editors"]!.AsArray().Count).Should().Be((null, 0), "the asking tab is not told of itself");
        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine, note = "first" }, HttpStatusCode.Created);
        string me = (await browser.GetFromJsonAsync<JsonNode>("/api/me", Ct))!["id"]!.GetValue<string>();
        await room.Platform.Accounts.AddAsync(new("mara", "Mara Other", "operator", "free"), "local", "for the test", Ct);
        await room.Platform.Editors.KeepAsync("mine", "mara", "Mara Other", "tab-of-mara", "1.0.0", Ct);
        await SendAsync(browser, HttpMethod.Put, "workflows/mine/desk", new { tab = "tab-0002", @base = "1.0.0" }, HttpStatusCode.OK);

        JsonNode desk = await SendAsync(browser, HttpMethod.Put, "workflows/mine/desk", new { tab = "tab-0001", @base = "1.0.0" }, HttpStatusCode.OK);
        (desk["newest"]!.GetValue<string>(), desk["saved_by"]!.GetValue<string>(), desk["note"]!.GetValue<string>()).Should().Be(("1.0.0", me, "first"));
        desk["editors"]!.AsArray().Select(e => (e!["name"]!.GetValue<string>(), e["is_me"]!.GetValue<bool>(), e["base"]!.GetValue<string>())).Should().Contain(("Mara Other", false, "1.0.0")).And.HaveCount(2);
        (await SendAsync(browser, HttpMethod.Delete, "workflows/mine/desk/tab-0002", new { }, HttpStatusCode.OK))["editors"]!.AsArray().Should().HaveCount(2, "one's first tab and Mara");
        await SendAsync(browser, HttpMethod.Delete, "workflows/mine/desk/tab-of-mara", new { }, HttpStatusCode.OK);
        (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/desk", Ct))!["editors"]!.AsArray().Should().HaveCount(2, "nobody closes another's tab");

        // A tab that says nothing more has left.
        await room.Platform.Rows.ExecuteAsync("update workflow_editors set seen_at_utc = @then where user_id = 'mara'", new { then = DateTimeOffset.UnixEpoch }, Ct);
        (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/desk", Ct))!["editors"]!.AsArray().Should().ContainSingle();
        foreach (string tab in (string[])["", "short", "with a space", new string('x', 41), "line\nfeed-x"])
        {
            (await SendAsync(browser, HttpMethod.Put, "workflows/mine/desk", new { tab }, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().Should().Be(WorkflowCodes.BadValue);
        }
    }

    [Fact]
    public async Task A_new_version_names_who_runs_it_or_waits_for_it_and_what_stays_on_its_version()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode nobody = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/uses", Ct))!;
        (nobody["used_by"]!.AsArray().Count, nobody["runs"]!.AsArray().Count, nobody["backfills"]!.AsArray().Count).Should().Be((0, 0, 0));
        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine }, HttpStatusCode.Created);
        await File.WriteAllTextAsync(Path.Combine(files.Path, "above.1.0.0.yaml"), """
            workflow: above
            version: 1.0.0
            summary: Runs mine twice and waits for it
            schedule: { cron: "30 18 * * 1-5", zone: America/New_York }
            steps:
              wait: { uses: workflows.upstream, with: { workflow: mine, not_older_than: 1d } }
              newest: { uses: workflow, needs: [wait], with: { workflow: mine } }
              pinned: { uses: workflow, needs: [newest], with: { workflow: mine@1.0.0 } }
              other: { uses: store.bootstrap }
            """, Ct);
        await room.Platform.Engine.Requests.StartAsync(new(room.Platform.Workflows.Load("mine"), [], "operator"), Ct);
        JsonNode uses = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/uses", Ct))!;
        uses["used_by"]!.AsArray().Select(u => ($"{u!["workflow"]}", $"{u["step"]}", $"{u["how"]}", $"{u["named"]}")).Should()
            .Equal(("above", "wait", "waits", ""), ("above", "newest", "newest", ""), ("above", "pinned", "version", "1.0.0"));
        uses["used_by"]![0]!["schedule"]!.GetValue<string>().Should().Contain("30 18 * * 1-5");
        uses["runs"]!.AsArray().Should().ContainSingle().Which!["version"]!.GetValue<string>().Should().Be("1.0.0");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_and_nothing_is_published()
    {
        using TemporaryFolder files = new();
        string notAFolder = Path.Combine(files.Path, "file");
        await File.WriteAllTextAsync(notAFolder, "", Ct);
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: notAFolder);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode refused = await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine }, HttpStatusCode.UnprocessableEntity);
        refused["code"]!.GetValue<string>().Should().Be(WorkflowCodes.CannotSave);
        (await room.Platform.Engine.Versions.ListAsync("mine", Ct)).Should().BeEmpty();
        JsonNode layout = await SendAsync(browser, HttpMethod.Put, "workflows/mine/layout", new { positions = new { align = (double[])[1, 2] } }, HttpStatusCode.UnprocessableEntity);
        layout["code"]!.GetValue<string>().Should().Be(WorkflowCodes.CannotSave);
    }

    [Fact]
    public async Task Cases_of_a_text_that_is_not_saved_are_played_with_the_end_state_of_every_step()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode passed = await SendAsync(browser, HttpMethod.Post, "workflows/test", new { text = Mine }, HttpStatusCode.OK);
        passed["passed"]!.GetValue<bool>().Should().BeTrue(passed.ToJsonString());
        passed["cases"]![0]!["steps"]!.AsArray().Select(s => ($"{s!["step"]}", $"{s["state"]}", $"{s["expected"]}")).Should().Equal(("bootstrap", "succeeded", ""), ("align", "succeeded", "succeeded"));
        JsonNode failed = await SendAsync(browser, HttpMethod.Post, "workflows/test", new { text = Mine.Replace("align: succeeded", "align: skipped") }, HttpStatusCode.OK);
        (failed["passed"]!.GetValue<bool>(), failed["cases"]![0]!["differences"]![0]!.GetValue<string>()).Should().Match<(bool Passed, string Says)>(t => !t.Passed && t.Says.Contains("align is succeeded, expected skipped"));
        JsonNode none = await SendAsync(browser, HttpMethod.Post, "workflows/test", new { text = Mine[..Mine.IndexOf("tests:", StringComparison.Ordinal)] }, HttpStatusCode.UnprocessableEntity);
        none["code"]!.GetValue<string>().Should().Be(WorkflowCodes.NoCase);
    }

    [Fact]
    public async Task Two_texts_are_compared_by_what_they_say()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode same = await SendAsync(browser, HttpMethod.Post, "workflows/compare", new { a = Mine, b = Mine.Replace("# kept", "# other") }, HttpStatusCode.OK);
        same["same"]!.GetValue<bool>().Should().BeTrue();
        JsonNode other = await SendAsync(browser, HttpMethod.Post, "workflows/compare", new { a = Mine, b = Mine.Replace("MKT.SYN", "TECH.SYN") }, HttpStatusCode.OK);
        other["differences"]!.AsArray().Select(d => $"{d!["path"]} {d["a"]} {d["b"]}").Should().Contain("steps.align.with.ticker MKT.SYN TECH.SYN");
    }

    [Fact]
    public async Task Places_of_steps_lie_beside_the_files_and_change_no_hash()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        string hash = (await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine }, HttpStatusCode.Created))["workflow_hash"]!.GetValue<string>();
        (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/layout", Ct))!["positions"]!.AsObject().Should().BeEmpty();
        await SendAsync(browser, HttpMethod.Put, "workflows/mine/layout", new { positions = new { align = (double[])[120.04, -40], bootstrap = (double[])[0, 0] } }, HttpStatusCode.OK);
        (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/layout", Ct))!["positions"]!.ToJsonString().Should().Be("""{"align":[120,-40],"bootstrap":[0,0]}""");
        (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine", Ct))!["workflow_hash"]!.GetValue<string>().Should().Be(hash);
        (await browser.GetFromJsonAsync<JsonArray>("/api/workflows", Ct))!.Should().ContainSingle("a layout is no workflow");
        foreach (object positions in (object[])[new Dictionary<string, double[]> { ["No name"] = [1, 2] }, new { align = (double[])[1] }, new { align = (double[])[1e9, 0] }, new { align = "here" }])
        {
            (await SendAsync(browser, HttpMethod.Put, "workflows/mine/layout", new { positions }, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().Should().Be(WorkflowCodes.BadValue);
        }

        (await SendAsync(browser, HttpMethod.Put, "workflows/mine/layout", new { }, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().Should().Be(WorkflowCodes.BadValue, "nothing said is no empty layout");
        using HttpResponseMessage path = await browser.GetAsync("/api/workflows/..%2F..%2Fetc/layout", Ct);
        path.IsSuccessStatusCode.Should().BeFalse();
        await File.WriteAllTextAsync(Path.Combine(files.Path, "layout", "mine.json"), "no JSON", Ct);
        (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/layout", Ct))!["positions"]!.AsObject().Should().BeEmpty("the studio places the steps itself");
    }

    [Fact]
    public async Task A_draft_is_of_its_writer_names_who_else_is_at_it_and_goes_when_the_version_is_saved()
    {
        using TemporaryFolder files = new();
        await using ServedRoom room = await ServedRoom.StartAsync(Ct, workflows: files.Path);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        await SendAsync(browser, HttpMethod.Put, "workflows/mine/draft", new { text = "half a", @base = "1.0.0" }, HttpStatusCode.OK);
        await SendAsync(browser, HttpMethod.Put, "workflows/mine/draft", new { text = "half a thought", @base = "1.0.0" }, HttpStatusCode.OK);
        await room.Platform.Accounts.AddAsync(new("mara", "Mara Other", "operator", "free"), "local", "for the test", Ct);
        await room.Platform.Drafts.KeepAsync("mine", "mara", "Mara Other", null, "hers", Ct);
        JsonNode drafts = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/draft", Ct))!;
        (drafts["mine"]!["text"]!.GetValue<string>(), drafts["mine"]!["base"]!.GetValue<string>()).Should().Be(("half a thought", "1.0.0"));
        drafts["others"]!.AsArray().Select(o => o!["name"]!.GetValue<string>()).Should().Equal("Mara Other");
        drafts["others"]!.ToJsonString().Should().NotContain("hers", "a draft is for its writer");

        await SendAsync(browser, HttpMethod.Put, "workflows/begun/draft", new { text = "new" }, HttpStatusCode.OK);
        JsonArray own = (await browser.GetFromJsonAsync<JsonNode>("/api/me/drafts", Ct))!.AsArray();
        own.Select(d => (d!["id"]!.GetValue<string>(), d["base"]?.GetValue<string>())).Should().BeEquivalentTo([("mine", "1.0.0"), ("begun", (string?)null)], "hers is not one's own");

        await SendAsync(browser, HttpMethod.Post, "workflows/save", new { text = Mine }, HttpStatusCode.Created);
        (await browser.GetFromJsonAsync<JsonNode>("/api/me/drafts", Ct))!.AsArray().Select(d => d!["id"]!.GetValue<string>()).Should().Equal("begun");
        JsonNode left = (await browser.GetFromJsonAsync<JsonNode>("/api/workflows/mine/draft", Ct))!;
        (left["mine"], left["others"]!.AsArray().Count).Should().Be((null, 1));
        await SendAsync(browser, HttpMethod.Put, "workflows/mine/draft", new { text = "again" }, HttpStatusCode.OK);
        (await SendAsync(browser, HttpMethod.Delete, "workflows/mine/draft", new { }, HttpStatusCode.OK))["mine"].Should().BeNull();
        (await SendAsync(browser, HttpMethod.Put, "workflows/No%20name/draft", new { text = "x" }, HttpStatusCode.UnprocessableEntity))["code"]!.GetValue<string>().Should().Be(WorkflowCodes.BadValue);
    }

    private static async Task<JsonNode> SendAsync(HttpClient browser, HttpMethod method, string path, object body, HttpStatusCode expected)
    {
        using HttpRequestMessage request = new(method, $"/api/{path}") { Content = JsonContent.Create(body) };
        using HttpResponseMessage answer = await browser.SendAsync(request, Ct);
        string said = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.Should().Be(expected, said);
        return JsonNode.Parse(said)!;
    }
}
