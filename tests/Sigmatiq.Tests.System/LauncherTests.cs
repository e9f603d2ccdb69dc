using System.Diagnostics;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The script <c>./sigmatiq</c> in a checkout whose build is a stand-in: what is tested is when it builds and who may use what it built.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string Program = "src/Sigmatiq.App/bin/Release/net10.0/sigmatiq.dll";
    private readonly DirectoryInfo checkout = Directory.CreateTempSubdirectory("sigmatiq-launcher-");

    public LauncherTests()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // The shell scripts are for Linux and macOS.
        }

        Write("data/simulator.json", "{}");
        Write("Directory.Build.props", "<Project />");
        Write(".editorconfig", "");
        Write("src/Sigmatiq.App/One.cs", "");
        Write(".ci/packages.sh", "install_packages() { :; }\nneed() { :; }\n");
        Write("bin/dotnet", $"#!/bin/sh\nif [ \"$1\" = build ]; then mkdir -p \"{checkout.FullName}/$(dirname {Program})\"; : >\"{checkout.FullName}/{Program}\"; else echo \"ran $2\"; fi\n");
        File.Copy(Path.Combine(Checkout.Root, "sigmatiq"), At("sigmatiq"));
        UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(checkout.FullName, all);
        File.SetUnixFileMode(At("sigmatiq"), all);
        File.SetUnixFileMode(At("bin/dotnet"), all);
    }

    public void Dispose() => checkout.Delete(recursive: true);

    [Fact]
    public void What_one_user_built_another_starts_without_writing_anything_and_is_told_in_a_sentence_where_it_is_not_built()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/usr/bin/setpriv"), "Another user is needed: root with setpriv.");
        (int exit, string output, string error) = Run(asNobody: true);
        (exit, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length).Should().Be((1, 1), error);
        error.Should().Contain("is not built").And.Contain("have its owner run");

        (exit, output, error) = Run(asNobody: false);
        (exit, output).Should().Be((0, "ran runs\n"), error);
        error.Should().Contain("Building");
        string[] before = [.. Directory.EnumerateFileSystemEntries(checkout.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        (exit, output, error) = Run(asNobody: true);
        (exit, output, error).Should().Be((0, "ran runs\n", ""));
        Directory.EnumerateFileSystemEntries(checkout.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Should().Equal(before);
    }

    private (int Exit, string Out, string Error) Run(bool asNobody)
    {
        string[] launcher = [At("sigmatiq"), "runs"];
        ProcessStartInfo start = asNobody
            ? new("/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", .. launcher])
            : new(launcher[0], launcher[1..]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["PATH"] = $"{At("bin")}:/usr/bin:/bin";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error);
    }

    private string At(string path) => Path.Combine(checkout.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }
}
