using System.Diagnostics;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The closing line of <c>./test.sh</c>: it must not be possible to pass by not testing.</summary>
public sealed class CountTestsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-trx-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("Passed,Passed", false, 0, "2 passed, 0 failed, 0 skipped", 0)]
    [InlineData("Passed,Failed", false, 0, "1 passed, 1 failed, 0 skipped", 1)]
    [InlineData("", false, 0, "0 passed, 0 failed, 0 skipped", 1)]
    [InlineData("Passed,NotExecuted", false, 0, "1 passed, 0 failed, 1 skipped", 0)]
    [InlineData("Passed,NotExecuted", true, 0, "1 passed, 0 failed, 1 skipped", 1)]
    [InlineData("Passed", false, 1, "1 passed, 0 failed, 0 skipped", 1)]
    public void The_last_line_counts_and_the_exit_code_judges(string outcomes, bool materialIsThere, int broken, string lastLine, int exit)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // The shell scripts are for Linux and macOS.
        }

        string[] list = outcomes.Split(',', StringSplitOptions.RemoveEmptyEntries);
        string results = string.Concat(list.Select((o, i) => $"<UnitTestResult testName=\"Test {i} says &quot;hi&quot;\" outcome=\"{o}\" duration=\"00:00:01\" />\n"));
        File.WriteAllText(Path.Combine(folder.FullName, "a.trx"), $"<TestRun><Results>{results}</Results></TestRun>");
        string material = materialIsThere ? folder.FullName : Path.Combine(folder.FullName, "none");
        (string[] lines, int code) = Count(material, broken);
        lines[^1].Should().Be(lastLine);
        code.Should().Be(exit);
        if (outcomes.Contains("NotExecuted"))
        {
            lines.Should().Contain(l => l.Contains("Test 1"), "skipped tests are named");
        }
    }

    [Fact]
    public void A_test_that_failed_is_named_with_why_and_where()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // The shell scripts are for Linux and macOS.
        }

        File.WriteAllText(Path.Combine(folder.FullName, "a.trx"), """
            <TestRun><Results>
              <UnitTestResult testName="A good test" outcome="Passed" duration="00:00:01" />
              <UnitTestResult testName="A &lt;poor&gt; test" outcome="Failed" duration="00:00:01">
                <Output><ErrorInfo>
                  <Message>Expected "a" &amp; "b",
            but found 2 &lt; 3.</Message>
                  <StackTrace>   at Library.Throw(String message)
               at Of.It() in /somewhere/tests/Some/Of.cs:line 49
            --- End of stack trace ---</StackTrace>
                </ErrorInfo></Output>
              </UnitTestResult>
              <UnitTestResult testName="Another good test" outcome="Passed" duration="00:00:01" />
            </Results></TestRun>
            """);
        Count(folder.FullName, 0).Lines.Select(l => l.TrimStart()).Should().Equal(
            "Failed:", "A <poor> test", "Expected \"a\" & \"b\",", "but found 2 < 3.", "at Some/Of.cs:line 49", "2 passed, 1 failed, 0 skipped");
    }

    private (string[] Lines, int Code) Count(string material, int broken)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path.Combine(Checkout.Root, ".ci", "count-tests"), [folder.FullName, material, $"{broken}"])
        {
            RedirectStandardOutput = true,
        })!;
        string[] lines = process.StandardOutput.ReadToEnd().TrimEnd('\n').Split('\n');
        process.WaitForExit();
        return (lines, process.ExitCode);
    }
}
