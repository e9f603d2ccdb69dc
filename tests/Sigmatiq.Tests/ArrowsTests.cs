using System.Xml.Linq;

namespace Sigmatiq.Tests;

/// <summary>The house rules that are not left to memory: arrows point one way, drawers without a noun do not exist.</summary>
public sealed class ArrowsTests
{
    private static readonly string[] Rooms =
        ["Store", "Market", "Indicators", "Packs", "Backtest", "Learning", "Trading", "Workflows", "App"];

    [Fact]
    public void A_project_uses_only_projects_above_it()
    {
        int arrows = 0;
        foreach (string room in Rooms)
        {
            XDocument project = XDocument.Load(Path.Combine(Checkout.Root, "src", $"Sigmatiq.{room}", $"Sigmatiq.{room}.csproj"));
            foreach (XElement reference in project.Descendants("ProjectReference"))
            {
                string target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value).Replace("Sigmatiq.", "");
                Array.IndexOf(Rooms, target).Should().BeInRange(0, Array.IndexOf(Rooms, room) - 1, $"{room} → {target} must point up");
                arrows++;
            }
        }

        arrows.Should().BeGreaterThan(8);
    }

    [Fact]
    public void Every_project_in_src_is_a_known_room() =>
        Directory.GetDirectories(Path.Combine(Checkout.Root, "src"), "Sigmatiq.*").Select(d => Path.GetFileName(d)["Sigmatiq.".Length..])
            .Should().BeEquivalentTo(Rooms);

    [Fact]
    public void Each_library_has_one_home()
    {
        (string Namespace, string Home)[] homes =
        [
            ("Microsoft.Data.Sqlite", "src/Sigmatiq.Store/Rows"), ("Dapper", "src/Sigmatiq.Store/Rows"), ("Npgsql", "src/Sigmatiq.Store/Rows"),
            ("YamlDotNet", "src/Sigmatiq.Packs/Yaml"), ("Quartz", "src/Sigmatiq.Workflows/Scheduling"),
            ("MathNet.Numerics.LinearAlgebra", "src/Sigmatiq.Learning/Learners"),
            ("MathNet.Numerics.Distributions", "src/Sigmatiq.Indicators/Statistics"),
        ];
        foreach (string file in Checkout.SourceFiles())
        {
            string text = File.ReadAllText(file);
            foreach (var (ns, home) in homes)
            {
                if (text.Contains($"using {ns};") || text.Contains($"using {ns}."))
                {
                    Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/').Should().StartWith(home, $"{ns} lives there alone");
                }
            }
        }
    }

    [Fact]
    public void No_folder_is_a_drawer()
    {
        string[] drawers = ["Common", "Core", "Shared", "Utils", "Helpers", "Abstractions", "Services", "Manager", "Managers"];
        Directory.GetDirectories(Path.Combine(Checkout.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(d => !d.Contains("/bin") && !d.Contains("/obj") && !d.Contains("node_modules")).Select(Path.GetFileName).Should().NotContain(drawers);
    }
}
