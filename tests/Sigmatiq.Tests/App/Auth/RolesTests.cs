using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.App.Auth;

public sealed class RolesTests
{
    [Theory]
    [InlineData("viewer", "Read")]
    [InlineData("researcher", "Read Plan Run")]
    [InlineData("approver", "Read Approve")]
    [InlineData("operator", "Read Plan Run Approve Operate")]
    [InlineData("admin", "Read Plan Run Approve Operate Administer")]
    [InlineData("root", "")]
    [InlineData("Admin", "")]
    public void A_role_has_these_rights_and_no_others(string role, string rights) => string.Join(' ', Roles.RightsOf(role).Order()).Should().Be(rights);

    [Theory]
    [InlineData("admin", "read", "Read")]
    [InlineData("admin", "vote", "Read Approve")]
    [InlineData("admin", "run", "Read Plan Run Operate")]
    [InlineData("admin", "read run vote admin", "Read Plan Run Approve Operate Administer")]
    [InlineData("researcher", "run", "Read Plan Run")]
    [InlineData("researcher", "vote admin", "Read")]
    [InlineData("viewer", "read run vote admin", "Read")]
    public void A_key_may_do_what_both_its_scopes_and_its_owner_let_through(string role, string scopes, string rights) =>
        string.Join(' ', new Caller(new("ana", "Ana", role, "free"), "k1", scopes.Split(' ')).Rights.Order()).Should().Be(rights);

    [Fact]
    public void A_refusal_names_the_roles_that_may_or_the_scope_that_is_missing()
    {
        Caller viewer = new(new("eva", "Eva", "viewer", "free"), null, []), key = new(new("ana", "Ana", "approver", "free"), "k1", ["read"]);
        viewer.Refusal(Right.Approve, "/here")!.ToString().Should().Contain("USR-1010").And.Contain("viewer").And.Contain("approver or operator or admin");
        key.Refusal(Right.Approve, "/here")!.ToString().Should().Contain("KEY-1008").And.Contain("scope vote");
        key.Refusal(Right.Run, "/here")!.Code.Should().Be("USR-1010", "no scope would help");
        viewer.Refusal(Right.Read, "/here").Should().BeNull();
    }

    [Fact]
    public void Scopes_are_a_closed_list()
    {
        KeyScopes.Read(["vote", "read", "vote"]).Should().Equal("read", "vote");
        ((Action)(() => KeyScopes.Read(["everything"]))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("KEY-1002");
        ((Action)(() => KeyScopes.Read([]))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("KEY-1002");
    }

    [Theory]
    [InlineData("ana", true)]
    [InlineData("a.b-c_9", true)]
    [InlineData("", false)]
    [InlineData("Ana", false)]
    [InlineData("9ana", false)]
    [InlineData("ana\n", false)]
    [InlineData("ana/../eva", false)]
    [InlineData("аna", false)] // the first letter is Cyrillic
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void An_id_is_of_few_letters(string id, bool isGood) => Refusal(() => AccountWords.Id(id)).Should().Be(isGood ? null : "USR-1002");

    [Theory]
    [InlineData("Ana Ruiz", true)]
    [InlineData("  Ana  ", true)]
    [InlineData("Zoë O'Brien-Núñez", true)]
    [InlineData("<script>alert(1)</script>", true)] // text like any other: pages write it as text
    [InlineData("山田 太郎", true)]
    [InlineData("", false)]
    [InlineData("   ", false)]
    [InlineData("Ana\u0007", false)]
    [InlineData("Ana\u001b[31m", false)]
    [InlineData("Ana\nRuiz", false)]
    [InlineData("Ana\u202eadmin", false)]
    [InlineData("Ana\u2066x\u2069", false)]
    [InlineData("An\u200ba", false)]
    [InlineData("Ana\u2028Ruiz", false)]
    [InlineData("Ana\ue000", false)]
    public void A_name_has_nothing_in_it_that_acts_or_hides(string name, bool isGood)
    {
        Refusal(() => AccountWords.Name(name)).Should().Be(isGood ? null : "USR-1002");
        Refusal(() => AccountWords.Reason(name)).Should().Be(isGood ? null : "USR-1003");
    }

    [Fact]
    public void A_name_that_is_half_a_character_or_too_long_is_refused()
    {
        Refusal(() => AccountWords.Name("Ana" + (char)0xD83D)).Should().Be("USR-1002");
        Refusal(() => AccountWords.Name(new string('a', AccountWords.NameLengthMax))).Should().BeNull();
        Refusal(() => AccountWords.Name(new string('a', AccountWords.NameLengthMax + 1))).Should().Be("USR-1002");
        Refusal(() => AccountWords.Reason(new string('a', AccountWords.ReasonLengthMax + 1))).Should().Be("USR-1003");
        Refusal(() => AccountWords.Role("root")).Should().Be("USR-1005");
        Refusal(() => AccountWords.Plan("gold")).Should().Be("USR-1006");
    }

    private static string? Refusal(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (ProblemException e)
        {
            return e.Problem.Code;
        }
    }
}
