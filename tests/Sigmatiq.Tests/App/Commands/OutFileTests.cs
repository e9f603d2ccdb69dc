namespace Sigmatiq.Tests.App.Commands;

public sealed class OutFileTests
{
    private const string Returns = "ts,return\n2024-01-31,0.1\n2024-02-29,-0.05\n2024-03-31,0.02\n";

    private const string Bars = "ts,open,high,low,close,volume\n2024-03-04T14:30:00Z,10,11,9,10.5,100\n2024-03-04T15:30:00Z,10.5,12,10,11,100\n2024-03-04T16:30:00Z,11,12,10,11,100\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("same")]
    [InlineData("relative")]
    [InlineData("symlink")]
    [InlineData("linked folder")]
    [InlineData("hard link")]
    public async Task A_result_never_replaces_the_file_it_is_made_from_whatever_name_the_file_is_called_by(string how)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || how is "same" or "relative", "links of a Linux disk");
        using var folder = new TemporaryFolder();
        string file = folder["returns.csv"], other = folder["other.csv"];
        File.WriteAllText(file, Returns);
        switch (how)
        {
            case "relative": other = Path.GetRelativePath(Directory.GetCurrentDirectory(), file); break;
            case "symlink": File.CreateSymbolicLink(other, file); break;
            case "hard link": HardLink(file, other); break;
            case "linked folder":
                Directory.CreateSymbolicLink(folder["door"], folder.Path);
                other = Path.Combine(folder["door"], "returns.csv");
                break;
            default: other = file; break;
        }

        foreach (var (read, written) in new[] { (file, other), (other, file) })
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", read, "--out", written], Token);
            run.ExitCode.Should().Be(2);
            run.Error.Should().StartWith($"APP-1021 at {written}: --out would replace what the command reads").And.Contain("Name another file");
            File.ReadAllText(file).Should().Be(Returns);
        }
    }

    [Fact]
    public async Task No_command_that_writes_a_file_replaces_its_own_input()
    {
        using var folder = new TemporaryFolder();
        string file = folder["bars.csv"];
        foreach (string[] command in new string[][]
        {
            ["indicators", "compute", "rsi", "--bars", file, "--out", file],
            ["rules", "eval", "close > open", "--bars", file, "--out", file],
            ["data", "check", file, "--data", folder["data"], "--out", file],
            ["data", "check", folder.Path, "--data", folder["data"], "--out", file],
            ["audit", "export", "--data", folder["data"], "--store", "sqlite:" + file, "--out", file],
            ["sweeps", "export", "--data", folder["data"], "--store", "sqlite:" + file, "--to", file],
            ["trained-models", "show", "--data", folder["data"], "--store", "sqlite:" + file, "--picture", file],
        })
        {
            File.WriteAllText(file, Bars);
            CommandLineRun run = await CommandLineRun.OfAsync(command, Token);
            run.ExitCode.Should().Be(2, string.Join(' ', command));
            run.Error.Should().StartWith($"APP-1021 at {file}: ");
            File.ReadAllText(file).Should().Be(Bars);
        }
    }

    [Fact]
    public async Task A_file_that_may_only_be_read_is_not_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["returns.csv"], Returns);
        File.WriteAllText(folder["kept.json"], "kept");
        File.SetAttributes(folder["kept.json"], FileAttributes.ReadOnly);
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder["kept.json"]], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith($"APP-1022 at {folder["kept.json"]}: The file may only be read").And.Contain("Name another file");
        File.ReadAllText(folder["kept.json"]).Should().Be("kept");
        File.SetAttributes(folder["kept.json"], FileAttributes.Normal);
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_not_made_for_a_result()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["returns.csv"], Returns);
        string file = Path.Combine(folder["slip"], "of", "the-pen.json");
        CommandLineRun run = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", file], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().StartWith($"APP-1006 at {file}: The file cannot be written: there is no folder").And.Contain("Make the folder first");
        Directory.Exists(folder["slip"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_result_replaces_no_file_of_the_store()
    {
        using var folder = new TemporaryFolder();
        string data = folder["data"], part = Path.Combine(data, "bars", "part.parquet");
        await CommandLineRun.MakeStoreAsync(data, Token);
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        File.WriteAllText(part, "bars");
        foreach (string file in new[] { part, Path.Combine(data, "sigmatiq.db") })
        {
            byte[] before = File.ReadAllBytes(file);
            CommandLineRun run = await CommandLineRun.OfAsync(["audit", "export", "--data", data, "--out", file], Token);
            run.ExitCode.Should().Be(2);
            run.Error.Should().StartWith($"APP-1023 at {file}: --out would replace a file of the store.");
            File.ReadAllBytes(file).Should().Equal(before);
        }
    }

    [Fact]
    public async Task A_link_to_an_older_result_is_followed_and_a_device_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links and devices of Linux");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["returns.csv"], Returns);
        File.WriteAllText(folder["first.json"], "old");
        File.CreateSymbolicLink(folder["latest.json"], folder["first.json"]);
        (await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", folder["latest.json"]], Token)).ExitCode.Should().Be(0);
        File.ResolveLinkTarget(folder["latest.json"], returnFinalTarget: true)!.FullName.Should().Be(folder["first.json"]);
        File.ReadAllText(folder["first.json"]).Should().Contain("sharpe_ratio");
        CommandLineRun device = await CommandLineRun.OfAsync(["metrics", "compute", "--returns", folder["returns.csv"], "--out", "/dev/null"], Token);
        device.Error.Should().StartWith("APP-1006 at /dev/null: ");
        device.ExitCode.Should().Be(2);
    }

    private static void HardLink(string from, string to)
    {
        using var link = System.Diagnostics.Process.Start("ln", [from, to]);
        link.WaitForExit();
        link.ExitCode.Should().Be(0);
    }
}
