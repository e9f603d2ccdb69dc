using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The README's program, with the client that the program writes of itself: compiled by the SDK, answered by a real server.</summary>
public sealed partial class CSharpClientProcessTests : IDisposable
{
    private const int Aborted = 134;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(120);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-client-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_readmes_program_compiles_starts_a_run_watches_it_and_reads_its_bars()
    {
        string data = Path.Combine(folder.FullName, "data"), project = Directory.CreateDirectory(Path.Combine(folder.FullName, "desk")).FullName;
        using ProgramProcess server = ProgramProcess.Start("serve", "--data", data);
        string address = (await server.SaysAsync(@"serves \S+ at (http://127\.0\.0\.1:\d+)$", Soon, Token)).Groups[1].Value;
        using ProgramProcess key = ProgramProcess.Start("keys", "make", "desk", "--scope", "read", "run", "--reason", "the readme", "--data", data);
        (await key.EndAsync(Soon, Token)).Should().Be(0, key.Error);
        using ProgramProcess client = ProgramProcess.Start("api", "client", "--out", Path.Combine(project, "Sigmatiq.cs"), "--data", data);
        (await client.EndAsync(Soon, Token)).Should().Be(0, client.Error);

        string readme = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "README.md"), Token);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Example().Match(readme).Groups[1].Value, Token);
        // Nothing of this checkout's build settings reaches it: it stands alone, as a reader's project does, and warnings are errors.
        await File.WriteAllTextAsync(Path.Combine(project, "desk.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
            </Project>
            """, Token);
        (await RunAsync(project, [], "build", "-v", "q", "-nodeReuse:false", "-o", "out")).Should().Contain("0 Error(s)").And.Contain("0 Warning(s)");
        string said = await RunAsync(project, [("SIGMATIQ_KEY", key.Out.Trim())], Path.Combine("out", "desk.dll"), address);
        said.Should().MatchRegex(@"align\s+succeeded").And.Contain("completed: ").And.MatchRegex(@"\d+ bars of MKT\.SYN, the last closed at \d+\.\d+");

        // A refusal comes as one, with its code; unhandled, it ends the program as .NET does.
        string refused = await RunAsync(project, [("SIGMATIQ_KEY", "sgq_nobody")], Aborted, Path.Combine("out", "desk.dll"), address);
        refused.Should().Contain("SigmatiqProblemException").And.Contain("KEY-1005");
    }

    private static Task<string> RunAsync(string folder, IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) => RunAsync(folder, environment, 0, arguments);

    private static async Task<string> RunAsync(string folder, IReadOnlyList<(string Name, string Value)> environment, int exit, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> said = process.StandardOutput.ReadToEndAsync(Token), failed = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        string all = await said + await failed;
        process.ExitCode.Should().Be(exit, all);
        return all;
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
