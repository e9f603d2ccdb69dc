using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Rows;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://ana@db.example:5433/sigmatiq?sslmode=require", "postgres://ana@db.example:5433/sigmatiq")]
    [InlineData("postgresql://ana:top%20secret@db.example/sigmatiq", "postgres://ana@db.example:5432/sigmatiq")]
    [InlineData("postgres://ana@[::1]:5433/sigmatiq", "postgres://ana@::1:5433/sigmatiq")]
    [InlineData("postgres://ana@/sigmatiq?host=/run/postgresql", "postgres://ana@/sigmatiq?host=/run/postgresql&port=5432")]
    [InlineData("postgres://ana@db.example", "postgres://ana@db.example:5432/ana")]
    [InlineData("Host=db.example;Username=ana;Password=top secret;Database=sigmatiq", "postgres://ana@db.example:5432/sigmatiq")]
    public void An_address_is_read_and_shown_without_its_secret(string text, string shown)
    {
        PostgresAddress.IsMeant(text).Should().BeTrue();
        PostgresAddress.Parse(text).Shown.Should().Be(shown).And.NotContain("secret");
    }

    [Theory]
    [InlineData("sqlite:/tmp/x.db")]
    [InlineData("/tmp/x.db")]
    [InlineData("mysql://ana@db.example/sigmatiq")]
    public void Another_address_is_not_meant(string text) => PostgresAddress.IsMeant(text).Should().BeFalse();

    [Theory]
    [InlineData("postgres://")]
    [InlineData("postgres:///sigmatiq")]
    [InlineData("postgres://ana@db.example:port/sigmatiq")]
    [InlineData("postgres://ana@db.example:99999999999/sigmatiq")]
    [InlineData("postgres://ana:secret@db.example/sigmatiq?nonsense=1")]
    [InlineData("postgres://ana:secret@db.example/sigmatiq?sslmode=secret")]
    [InlineData("Host=db.example;Password=secret;Port=x")]
    [InlineData("Host")]
    [InlineData("Host=a;;;='")]
    [InlineData("postgres://ana@db.example/sigmatiq?password_file=/nowhere/password")]
    public void What_is_none_is_refused_without_repeating_it(string text)
    {
        Problem refused = FluentActions.Invoking(() => PostgresAddress.Parse(text)).Should().Throw<ProblemException>().Which.Problem;
        refused.Code.Should().Be("STO-1012");
        refused.Exit.Should().Be(ExitCode.BadUsage);
        refused.ToString().Should().NotContain("secret");
    }
}
