namespace Sigmatiq.Tests.SystemTests;

public sealed class CommandLineTests
{
    [Fact]
    public void The_program_starts() => Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "sigmatiq.dll")));
}
