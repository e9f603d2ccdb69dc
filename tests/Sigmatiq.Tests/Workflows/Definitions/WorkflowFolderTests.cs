using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Tests.Workflows.Definitions;

public sealed class WorkflowFolderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-workflows-");
    private readonly WorkflowFolder workflows;

    public WorkflowFolderTests()
    {
        workflows = new(folder.FullName, new TestSteps().Kinds);
        Write("one", "1.0.0");
        Write("one", "1.10.0");
        Write("one", "1.9.0");
        Write("two", "0.1.0");
        File.WriteAllText(Path.Combine(folder.FullName, "notes.txt"), "no workflow");
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_newest_version_is_meant_where_none_is_given()
    {
        workflows.List().Select(f => $"{f.Id}@{f.Version}").Should().Equal("one@1.10.0", "one@1.9.0", "one@1.0.0", "two@0.1.0");
        workflows.Load("one").Version.Should().Be("1.10.0");
        workflows.Load("one", "1.9.0").Version.Should().Be("1.9.0");
    }

    [Fact]
    public void A_workflow_that_is_not_there_is_refused_with_those_that_are()
    {
        Code(() => workflows.Load("three")).Should().Be(WorkflowCodes.UnknownWorkflow);
        Code(() => workflows.Load("one", "2.0.0")).Should().Be(WorkflowCodes.UnknownWorkflow);
        Code(() => workflows.Parse(Path.Combine(folder.FullName, "none.yaml"))).Should().Be(WorkflowCodes.UnknownWorkflow);
        Code(() => new WorkflowFolder("/nowhere", new TestSteps().Kinds).Load("one")).Should().Be(WorkflowCodes.UnknownWorkflow);
    }

    [Fact]
    public void A_file_whose_name_says_otherwise_is_refused()
    {
        File.Move(Path.Combine(folder.FullName, "two.0.1.0.yaml"), Path.Combine(folder.FullName, "two.0.2.0.yaml"));
        Code(() => workflows.Load("two")).Should().Be(WorkflowCodes.BadValue);
        string file = Path.Combine(folder.FullName, "two.0.2.0.yaml");
        Problem problem = workflows.Parse(file).Problems.Should().ContainSingle("lists and checks say what a run would meet").Subject;
        (problem.Code, problem.Where, problem.Remedy).Should().Be((WorkflowCodes.BadValue, $"{file}:2:10", "Name it two.0.1.0.yaml, or correct what it says."));
        File.Move(file, Path.Combine(folder.FullName, "three.0.1.0.yaml"));
        workflows.Parse(Path.Combine(folder.FullName, "three.0.1.0.yaml")).Problems.Single().Where.Should().EndWith("three.0.1.0.yaml:1:11");
        new WorkflowFolder("/nowhere", new TestSteps().Kinds).Parse(Path.Combine(folder.FullName, "three.0.1.0.yaml")).IsOk.Should().BeTrue("outside of the folder nothing is found by its name");
    }

    [Fact]
    public void What_is_no_file_of_text_is_refused_and_never_waited_for()
    {
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder.FullName, "pipe.1.0.0.yaml")))
        {
            made.WaitForExit();
        }

        File.CreateSymbolicLink(Path.Combine(folder.FullName, "zero.1.0.0.yaml"), "/dev/zero");
        File.WriteAllBytes(Path.Combine(folder.FullName, "latin.1.0.0.yaml"), [.. "workflow: latin\nsummary: caf"u8, 0xE9]);
        using (FileStream large = File.Create(Path.Combine(folder.FullName, "large.1.0.0.yaml")))
        {
            large.SetLength(WorkflowFolder.BytesMax + 1);
        }

        workflows.List().Where(f => f.Id is not ("one" or "two")).Select(f => (f.Id, workflows.Read(f).Problems[0].Code)).Should().Equal(
            ("large", WorkflowCodes.UnknownWorkflow), ("latin", WorkflowCodes.Structure), ("pipe", WorkflowCodes.Structure), ("zero", WorkflowCodes.Structure));
        Code(() => workflows.Load("pipe")).Should().Be(WorkflowCodes.Structure);
    }

    [Fact]
    public void A_file_that_nothing_finds_by_its_name_is_named_and_refused()
    {
        string stray = Path.Combine(folder.FullName, "three.yaml"), other = Path.Combine(folder.FullName, "two.0.1.0.yml");
        File.Copy(Path.Combine(folder.FullName, "two.0.1.0.yaml"), stray);
        File.Copy(stray, other);
        workflows.Strays().Should().Equal(stray, other);
        workflows.Parse(stray).Problems.Single().Remedy.Should().Be("Name it two.0.1.0.yaml.");
    }

    private static string Code(Action load) => FluentActions.Invoking(load).Should().Throw<ProblemException>().Which.Problem.Code;

    private void Write(string id, string version) =>
        File.WriteAllText(Path.Combine(folder.FullName, $"{id}.{version}.yaml"), $"workflow: {id}\nversion: {version}\nsummary: s\nsteps: {{ a: {{ uses: test.use }} }}\n");
}
