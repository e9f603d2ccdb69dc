using System.Runtime.CompilerServices;
using Sigmatiq.Store.Audit;

namespace Sigmatiq.Tests;

/// <summary>Gives all tests of a run one key of their own, so that none is made among the settings of whoever runs them.</summary>
internal static class AuditKeyOfTests
{
    [ModuleInitializer]
    internal static void Choose()
    {
        string folder = Directory.CreateTempSubdirectory("sigmatiq-key-").FullName;
        Environment.SetEnvironmentVariable(AuditSeal.KeyVariable, Path.Combine(folder, "audit.key"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
