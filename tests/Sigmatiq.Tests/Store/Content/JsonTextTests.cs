using System.Text.Json;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Tests.Store.Content;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":")]
    [InlineData("")]
    public void What_readers_would_take_in_different_ways_is_refused(string text) =>
        FluentActions.Invoking(() => JsonText.Parse(text)).Should().Throw<JsonException>();

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() =>
        FluentActions.Invoking(() => JsonText.Parse("{\"a\":\"\uD800\"}")).Should().Throw<JsonException>();

    [Fact]
    public void Nesting_ends_at_its_bound_and_not_at_the_end_of_the_stack()
    {
        string deep(int depth) => new string('[', depth) + new string(']', depth);
        JsonText.Parse(deep(JsonText.DepthMax)).Should().NotBeNull();
        FluentActions.Invoking(() => JsonText.Parse(deep(JsonText.DepthMax + 1))).Should().Throw<JsonException>();
        FluentActions.Invoking(() => JsonText.Parse(deep(1_000_000))).Should().Throw<JsonException>();
    }
}
