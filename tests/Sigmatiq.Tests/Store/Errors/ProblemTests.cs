using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Store.Errors;

public sealed class ProblemTests
{
    [Fact]
    public void A_message_that_quotes_a_control_sequence_does_not_act_on_the_terminal() =>
        new Problem("ABC-1001", "The name '\u001b[2J\u0007\u202Eevil' is unknown.\n\tSay another 🙂.", "a\0b").ToString()
            .Should().Be("ABC-1001 at a�b: The name '�[2J��evil' is unknown.\n\tSay another 🙂.");

    [Fact]
    public void A_message_that_quotes_a_megabyte_is_cut_in_its_middle()
    {
        string message = new Problem("ABC-1001", $"The name '{new string('x', 1_000_000)}' is unknown.").Message;
        message.Length.Should().BeLessThan(Problem.LengthMax);
        message.Should().StartWith("The name 'xxx").And.Contain(" … ").And.EndWith("xxx' is unknown.");
    }

    [Fact]
    public void Half_a_surrogate_pair_can_be_written_as_bytes() =>
        new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(new Problem("ABC-1001", "a\uD800b\uDC00").Message).Should().NotBeEmpty();
}
