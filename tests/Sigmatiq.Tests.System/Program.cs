using Sigmatiq.Tests.SystemTests;
using Sigmatiq.Tests.SystemTests.Failing;
using Sigmatiq.Tests.SystemTests.Killed;

// An engine to be killed needs threads, which a module's initializer would hold up; hence an entry of our own before xunit's.
if (Environment.GetEnvironmentVariable(KilledEngine.Variable) is { Length: > 0 } asked)
{
    await KilledEngine.ServeAsync(asked);
    return 0;
}

if (Environment.GetEnvironmentVariable(ClusterWorker.Variable) is { Length: > 0 } worker)
{
    await ClusterWorker.WorkAsync(worker);
    return 0;
}

if (Environment.GetEnvironmentVariable(FailingFiles.Variable) is { Length: > 0 } failing)
{
    await FailingFiles.ServeAsync(failing);
    return 0;
}

return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
