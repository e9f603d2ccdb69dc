using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Audit;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Users, keys and oneself over HTTP: the same functions as the commands.</summary>
public sealed class UsersApiTests : IAsyncLifetime
{
    private static readonly Person Ada = new("ada", "Ada Vale", "admin", "pro"), Ana = new("ana", "Ana Ruiz", "approver", "pro"), Eva = new("eva", "Eva Paz", "viewer", "free");

    private ServedRoom room = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RunningServer Running => room.Running;

    public async ValueTask InitializeAsync()
    {
        room = await ServedRoom.StartAsync(Token);

        // The room's platform goes by the clock of the machine.
        Running.Clock.Now = room.Platform.Clock.GetUtcNow();
    }

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task An_admin_adds_changes_shuts_out_and_lets_in_and_a_viewer_only_looks()
    {
        using HttpClient ada = await Running.SignedInAsync(Ada, Token), eva = await Running.SignedInAsync(Eva, Token);
        JsonNode added = await OkAsync(ada, "/users", new { id = "ben", name = "Ben <b>Gil</b>", role = "researcher", reason = "joins" }, HttpStatusCode.Created);
        added.ToJsonString().Should().Contain("\"plan\":\"free\"").And.Contain("\"is_active\":true").And.Contain("\"created_at_utc\":\"");
        (await OkAsync(ada, "/users/ben/role", new { role = "approver", reason = "votes" }))["role"]!.GetValue<string>().Should().Be("approver");
        (await OkAsync(ada, "/users/ben/plan", new { plan = "premium", reason = "larger" }))["plan"]!.GetValue<string>().Should().Be("premium");
        (await OkAsync(ada, "/users/ben/disable", new { reason = "left" }))["is_active"]!.GetValue<bool>().Should().BeFalse();
        (await OkAsync(ada, "/users/ben/enable", new { reason = "back" }))["is_active"]!.GetValue<bool>().Should().BeTrue();
        (await eva.GetFromJsonAsync<JsonArray>("/users", Token))!.Select(u => u!["id"]!.GetValue<string>()).Should().Equal("ada", "ben", "eva", "operator");
        (await eva.GetFromJsonAsync<JsonNode>("/users/ben", Token))!["name"]!.GetValue<string>().Should().Be("Ben <b>Gil</b>");
        await RefusedAsync(eva, "/users", new { id = "x", name = "X", role = "admin", reason = "me" }, HttpStatusCode.Forbidden, "USR-1010");
        await RefusedAsync(eva, "/users/eva/role", new { role = "admin", reason = "me" }, HttpStatusCode.Forbidden, "USR-1010");
        await RefusedAsync(ada, "/users/nobody/role", new { role = "admin", reason = "x" }, HttpStatusCode.NotFound, "USR-1001");
        await RefusedAsync(ada, "/users/ada/disable", new { reason = "x" }, HttpStatusCode.Conflict, "USR-1007");
        await RefusedAsync(ada, "/users", new { id = "ben", name = "Other", role = "viewer", reason = "x" }, HttpStatusCode.Conflict, "USR-1004");
        await RefusedAsync(ada, "/users", new { id = "cem", name = "C\u202em", role = "viewer", reason = "x" }, HttpStatusCode.UnprocessableEntity, "USR-1002");
        await RefusedAsync(ada, "/users/ben/disable", new { }, HttpStatusCode.UnprocessableEntity, "USR-1003");
        await RefusedAsync(ada, "/users/ben/role", new { rolle = "viewer", reason = "x" }, HttpStatusCode.UnprocessableEntity, "APP-2021");
        (await AuditChain.OfSubjectAsync(Running.Rows, "user:ben", Token)).Should().HaveCount(5).And.OnlyContain(r => r.Actor == "ada");
    }

    [Fact]
    public async Task A_link_signs_somebody_in_once_and_is_never_kept()
    {
        using HttpClient ada = await Running.SignedInAsync(Ada, Token), browser = Running.Stranger();
        await room.Platform.Accounts.AddAsync(Ana, "ada", "joins", Token);
        using HttpRequestMessage keyed = new(HttpMethod.Post, "/users/ana/link") { Content = JsonContent.Create(new { reason = "first" }), Headers = { { "Idempotency-Key", "k1" } } };
        using HttpResponseMessage refused = await ada.SendAsync(keyed, Token);
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2038");
        string url = (await OkAsync(ada, "/users/ana/link", new { reason = "first sign-in" }, HttpStatusCode.Created))["url"]!.GetValue<string>();
        (await browser.GetAsync(new Uri(url).PathAndQuery, Token)).StatusCode.Should().Be(HttpStatusCode.SeeOther);
        JsonNode me = (await browser.GetFromJsonAsync<JsonNode>("/me", Token))!;
        me.ToJsonString().Should().Be("""{"id":"ana","name":"Ana Ruiz","role":"approver","plan":"pro","rights":["read","approve"],"key":null,"scopes":[],"cli":["--data","DIRECTORY"]}""");
        (await AuditChain.OfSubjectAsync(Running.Rows, "user:ana", Token)).Select(r => $"{r.Actor} {r.Action}").Should().Contain("ada user.link_made", "who made a link could have used it");
    }

    [Fact]
    public async Task Everybody_sees_and_ends_their_own_sessions_and_an_admin_those_of_all()
    {
        using HttpClient one = await Running.SignedInAsync(Eva, Token), two = await Running.SignedInAsync(Eva, Token), ada = await Running.SignedInAsync(Ada, Token), ana = await Running.SignedInAsync(Ana, Token);
        JsonArray own = (await one.GetFromJsonAsync<JsonArray>("/users/eva/sessions", Token))!;
        own.Count(s => s!["is_this"]!.GetValue<bool>()).Should().Be(1);
        string other = own.Single(s => !s!["is_this"]!.GetValue<bool>())!["id"]!.GetValue<string>();
        using HttpResponseMessage peek = await ana.GetAsync("/users/eva/sessions", Token);
        peek.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        await RefusedAsync(ana, "/users/eva/sign-out", new { reason = "out" }, HttpStatusCode.Forbidden, "USR-1010");
        (await OkAsync(one, "/users/eva/sign-out", new { session = other, reason = "lost laptop" }))["ended"]!.GetValue<int>().Should().Be(1);
        (await two.GetAsync("/me", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await one.GetAsync("/me", Token)).StatusCode.Should().Be(HttpStatusCode.OK);
        await RefusedAsync(ada, "/users/eva/sign-out", new { session = other, reason = "again" }, HttpStatusCode.NotFound, "USR-1011");
        (await OkAsync(ada, "/users/eva/sign-out", new { reason = "all" }))["ended"]!.GetValue<int>().Should().Be(1);
        (await one.GetAsync("/me", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_a_key_401_with_the_wrong_scope_403_with_the_right_one_200()
    {
        await room.Platform.Accounts.AddAsync(Ana, "ada", "joins", Token);
        string reads = (await room.Platform.Keys.MakeAsync("ana", "n", ["read"], 30, "ada", "x", Token)).Secret, votes = (await room.Platform.Keys.MakeAsync("ana", "n", ["vote"], 30, "ada", "x", Token)).Secret;
        (await AskAsync(null)).Should().Be(HttpStatusCode.Unauthorized);
        (await AskAsync(reads)).Should().Be(HttpStatusCode.Forbidden);
        (await AskAsync(votes)).Should().Be(HttpStatusCode.NotFound, "it may, and there is nothing to vote on");
        using HttpClient looks = Running.Bearing(reads);
        (await looks.GetAsync("/runs", Token)).StatusCode.Should().Be(HttpStatusCode.OK);

        async Task<HttpStatusCode> AskAsync(string? key)
        {
            using HttpClient program = key is null ? Running.Stranger() : Running.Bearing(key);
            using HttpResponseMessage answer = await program.PostAsJsonAsync("/api/production/approve", new { action = "approve" }, Token);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_person_makes_keys_and_a_key_makes_none()
    {
        using HttpClient ana = await Running.SignedInAsync(Ana, Token), ada = await Running.SignedInAsync(Ada, Token);
        JsonNode made = await OkAsync(ana, "/keys", new { name = "votes from a script", scopes = (string[])["vote"], reason = "tried out" }, HttpStatusCode.Created);
        string secret = made["secret"]!.GetValue<string>(), id = made["key"]!["id"]!.GetValue<string>();
        using HttpClient program = Running.Bearing(secret);
        (await program.GetFromJsonAsync<JsonNode>("/me", Token))!.ToJsonString().Should().Contain("\"rights\":[\"read\",\"approve\"]").And.Contain($"\"key\":\"{id}\"");
        await RefusedAsync(program, "/keys", new { name = "more", scopes = (string[])["vote"], reason = "x" }, HttpStatusCode.Forbidden, "KEY-1006");
        using HttpClient strong = Running.Bearing((await room.Platform.Keys.MakeAsync("ada", "all", KeyScopes.All.ToArray(), 30, "ada", "x", Token)).Secret);
        await RefusedAsync(strong, "/users/ana/link", new { reason = "x" }, HttpStatusCode.Forbidden, "KEY-1006");
        await RefusedAsync(ana, "/keys", new { user = "ada", name = "hers", scopes = (string[])["admin"], reason = "x" }, HttpStatusCode.Forbidden, "USR-1010");
        await RefusedAsync(ana, "/keys", new { name = "n", scopes = (string[])["root"], reason = "x" }, HttpStatusCode.UnprocessableEntity, "KEY-1002");
        await RefusedAsync(ana, "/keys", new { name = "n", scopes = (string[])["read"], days = 1e9, reason = "x" }, HttpStatusCode.UnprocessableEntity, "KEY-1004");
        await RefusedAsync(ana, "/keys", new { name = "n", scopes = (string[])["read"], days = "soon", reason = "x" }, HttpStatusCode.UnprocessableEntity, "KEY-1004");
        JsonNode hers = await OkAsync(ada, "/keys", new { user = "ana", name = "by the admin", scopes = (string[])["read"], days = 1, reason = "for her job" }, HttpStatusCode.Created);
        (await ana.GetFromJsonAsync<JsonArray>("/keys", Token))!.Should().HaveCount(2, "one's own");
        (await ada.GetFromJsonAsync<JsonArray>("/keys", Token))!.Should().HaveCount(3, "everybody's");
        (await ana.GetAsync("/keys?user=ada", Token)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await ada.GetStringAsync("/keys?user=ana", Token)).Should().Contain(id).And.NotContain(secret[^64..]);
        string other = hers["key"]!["id"]!.GetValue<string>();
        await RefusedAsync(program, $"/keys/{other}/revoke", new { reason = "x" }, HttpStatusCode.Forbidden, "USR-1010");
        (await OkAsync(ana, $"/keys/{other}/revoke", new { reason = "not needed" }))["state"]!.GetValue<string>().Should().Be("revoked");
        (await OkAsync(program, $"/keys/{id}/revoke", new { reason = "done" }))["state"]!.GetValue<string>().Should().Be("revoked", "whoever holds a key may give it up");
        (await program.GetAsync("/me", Token)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        await RefusedAsync(ada, "/keys/000000000000/revoke", new { reason = "x" }, HttpStatusCode.NotFound, "KEY-1001");
    }

    [Fact]
    public async Task A_change_of_role_holds_from_the_next_request_on()
    {
        using HttpClient eva = await Running.SignedInAsync(Eva, Token);
        await RefusedAsync(eva, "/users", new { }, HttpStatusCode.Forbidden, "USR-1010");
        await room.Platform.Accounts.ChangeRoleAsync("eva", "admin", "ada", "she may now", Token);
        await RefusedAsync(eva, "/users", new { }, HttpStatusCode.UnprocessableEntity, "USR-1002");
        (await eva.GetFromJsonAsync<JsonArray>("/roles", Token))!.Should().HaveCount(5);
    }

    private static async Task<JsonNode> OkAsync(HttpClient caller, string path, object body, HttpStatusCode status = HttpStatusCode.OK)
    {
        using HttpResponseMessage answer = await caller.PostAsJsonAsync(path, body, Token);
        string text = await answer.Content.ReadAsStringAsync(Token);
        answer.StatusCode.Should().Be(status, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task RefusedAsync(HttpClient caller, string path, object body, HttpStatusCode status, string code)
    {
        using HttpResponseMessage answer = await caller.PostAsJsonAsync(path, body, Token);
        string text = await answer.Content.ReadAsStringAsync(Token);
        (answer.StatusCode, JsonNode.Parse(text)!["code"]?.GetValue<string>()).Should().Be((status, code), text);
    }
}
