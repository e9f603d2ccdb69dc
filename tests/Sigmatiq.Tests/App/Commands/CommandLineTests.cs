using System.CommandLine;
using System.Text.Json;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.App.Commands;

public sealed class CommandLineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nonsense")]
    [InlineData("version", "--output", "xml")]
    [InlineData("version", "--no-such-option")]
    [InlineData]
    public async Task A_wrong_command_line_ends_with_2_and_a_coded_message(params string[] args)
    {
        CommandLineRun run = await CommandLineRun.OfAsync(args, Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith("APP-1001: ").And.Contain("--help");
        run.Out.Should().BeEmpty();
    }

    [Theory]
    [InlineData("as a whole number", "runs", "list", "--limit", "1e9")]
    [InlineData("as a whole number", "lifecycle", "run", "--select", "99999999999")]
    [InlineData("'lifecyle'", "lifecyle", "run")]
    [InlineData("--data needs the path of a folder", "runs", "list", "--data", "")]
    public async Task A_wrong_command_line_is_told_once_and_in_words(string words, params string[] args)
    {
        CommandLineRun run = await CommandLineRun.OfAsync(args, Token);
        run.ExitCode.Should().Be(2);
        run.Error.Trim().Should().StartWith("APP-1001: ").And.Contain(words).And.NotContain("System.").And.NotContain("\n");
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["taken"], "a file");
        foreach (string place in (string[])[folder["taken"], Path.Combine(folder["taken"], "below")])
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["workflows", "show", "lifecycle", "--data", place], Token);
            run.ExitCode.Should().Be(2);
            run.Error.Should().StartWith($"APP-1014 at {place}: ").And.Contain("--data");
        }

        File.ReadAllText(folder["taken"]).Should().Be("a file");
    }

    [Fact]
    public async Task A_data_directory_that_was_asked_for_holds_nothing_of_the_asking()
    {
        using var folder = new TemporaryFolder();
        (await CommandLineRun.OfAsync(["workflows", "show", "lifecycle", "--data", folder.Path], Token)).ExitCode.Should().Be(0);
        Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Should().NotContain(f => f!.Contains("probe"));
    }

    [Fact]
    public async Task A_field_without_a_value_has_no_line()
    {
        CommandLineRun run = await RunAsync(["try"], (_, context, _) =>
        {
            context.Output.Item(new { }, ("run", "run_1"), ("reason", null), ("state", "waiting"));
            return Task.FromResult(ExitCode.Ok);
        });
        run.Out.ReplaceLineEndings("\n").Should().Be("run     run_1\nstate   waiting\n");
    }

    [Fact]
    public async Task Help_is_a_result_and_names_every_noun()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(["--help"], Token);
        run.ExitCode.Should().Be(0);
        run.Out.Should().ContainAll("doctor", "version", "--output", "--data", "--store", "--quiet").And.Contain("Exit codes: 0 done").And.Contain("130 stopped");
    }

    [Fact]
    public async Task The_version_is_one_json_object()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(["version", "--output", "json"], Token);
        run.ExitCode.Should().Be(0);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.GetProperty("version").GetString().Should().MatchRegex(@"^\d+\.\d+\.\d+$");
        run.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task Doctor_lists_what_the_program_needs_as_objects_with_an_id()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(["doctor", "-o", "json"], Token);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.EnumerateArray().Select(e => e.GetProperty("id").GetString())
            .Should().Equal("dotnet", "duckdb", "xgboost", "sqlite", "rsvg-convert", "font", "store", "outside");
    }

    [Theory]
    [InlineData(ExitCode.Error)]
    [InlineData(ExitCode.BadUsage)]
    [InlineData(ExitCode.ApprovalMissing)]
    [InlineData(ExitCode.DataRefused)]
    public async Task A_refusal_is_printed_with_place_and_remedy_and_gives_its_exit_code(ExitCode exit)
    {
        var refusal = new Problem("TST-1", "Price -3 is not positive.", "bars.csv:7", "Correct the row.", exit);
        CommandLineRun run = await RunAsync(["try"], (_, _, _) => throw new ProblemException(refusal));
        run.ExitCode.Should().Be((int)exit);
        run.Error.TrimEnd().Should().Be("TST-1 at bars.csv:7: Price -3 is not positive. Correct the row.");
        run.Out.Should().BeEmpty();
    }

    [Fact]
    public async Task A_refusal_is_a_json_problem_when_json_was_asked_for()
    {
        Problem[] refusals = [new("TST-1", "First.", "a:1", "Mend a.", ExitCode.DataRefused), new("TST-2", "Second.")];
        CommandLineRun run = await RunAsync(["try", "--output", "json"], (_, _, _) => throw new ProblemException(refusals));
        run.ExitCode.Should().Be(4);
        using JsonDocument json = JsonDocument.Parse(run.Error);
        json.RootElement.GetProperty("code").GetString().Should().Be("TST-1");
        json.RootElement.GetProperty("where").GetString().Should().Be("a:1");
        json.RootElement.GetProperty("remedy").GetString().Should().Be("Mend a.");
        json.RootElement.GetProperty("problems").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task A_surprise_shows_a_code_and_leaves_the_trace_in_the_log()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = await RunAsync(["try", "--data", folder.Path], (_, _, _) => throw new InvalidDataException("boom"));
        run.ExitCode.Should().Be(1);
        run.Error.Should().StartWith("APP-9001: ").And.Contain("boom").And.NotContain("   at ");
        string log = File.ReadAllText(Directory.GetFiles(Path.Combine(folder.Path, "logs")).Single());
        log.Should().Contain("InvalidDataException").And.Contain("   at ");
        string reference = run.Error.Trim().TrimEnd('.').Split(' ')[^1];
        log.Should().Contain(reference);
    }

    [Fact]
    public async Task Cancelling_ends_with_130()
    {
        using var cancel = new CancellationTokenSource();
        CommandLineRun run = await RunAsync(["try"], async (_, _, ct) =>
        {
            await cancel.CancelAsync();
            ct.ThrowIfCancellationRequested();
            return ExitCode.Ok;
        }, cancel.Token);
        run.ExitCode.Should().Be(130);
        run.Error.Should().StartWith("APP-1130: ");
    }

    [Fact]
    public async Task Results_and_notes_go_to_different_streams_and_quiet_silences_the_notes()
    {
        CommandAction action = (_, context, _) =>
        {
            context.Output.Note("working");
            using (ProgressLine progress = context.Output.Progress("sweep"))
            {
                progress.Report(1, 2, "combo 1");
            }

            context.Output.List([new { Id = "a", Value = 1.5 }, new { Id = "bcd", Value = 20.25 }],
                new("id", r => r.Id), new("value", r => r.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), Right: true));
            return Task.FromResult(ExitCode.Ok);
        };
        CommandLineRun loud = await RunAsync(["try"], action);
        loud.Error.ReplaceLineEndings("\n").Should().Be("working\nsweep   50%  combo 1\n");
        loud.Out.ReplaceLineEndings("\n").Should().Be("id   value\na      1.5\nbcd  20.25\n");
        CommandLineRun quiet = await RunAsync(["try", "--quiet"], action);
        quiet.Error.Should().BeEmpty();
        quiet.Out.Should().Be(loud.Out);
        CommandLineRun json = await RunAsync(["try", "-o", "json"], action);
        JsonDocument.Parse(json.Out).RootElement[1].GetProperty("value").GetDouble().Should().Be(20.25);
    }

    private static Task<CommandLineRun> RunAsync(string[] args, CommandAction action, CancellationToken? ct = null) =>
        CommandLineRun.OfAsync(args, ct ?? Token, host =>
        {
            var command = new Command("try");
            host.Run(command, action);
            return command;
        });
}
