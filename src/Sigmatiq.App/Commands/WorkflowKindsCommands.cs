using System.CommandLine;
using System.Globalization;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;
using Sigmatiq.Workflows.Steps.Plugins;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq workflows schema / kinds</c>: what workflow files can say.</summary>
internal static class WorkflowKindsCommands
{
    /// <summary>The JSON Schema of workflow files, for editors.</summary>
    public static Command Schema(CommandHost host)
    {
        var kind = new Option<string?>("--kind") { Description = "Only input and outputs of this step kind" };
        Command schema = new("schema", "Print the JSON Schema of workflow files, from which editors complete them") { kind };
        host.Run(schema, async (parse, context, ct) =>
        {
            StepKinds kinds = (await context.PlatformAsync(ct)).Engine.Kinds;
            context.Output.Text(parse.GetValue(kind) is { } name ? WorkflowSchema.TextOf(kinds, name) : WorkflowSchema.Text(kinds));
            return ExitCode.Ok;
        });
        return schema;
    }

    /// <summary>The step kinds and where they come from.</summary>
    public static Command Kinds(CommandHost host)
    {
        var reference = new Option<bool>("--reference") { Description = "Print every field of every kind as a Markdown page" };
        Command list = new("kinds", "List the step kinds that files can use") { reference };
        host.Run(list, async (parse, context, ct) =>
        {
            StepKinds kinds = (await context.PlatformAsync(ct)).Engine.Kinds;
            if (parse.GetValue(reference))
            {
                context.Output.Text(KindReference.Text(kinds));
                return ExitCode.Ok;
            }

            var rows = kinds.Described.Select(k => (k.Name, k.Summary, Entry: kinds.TryGet(k.Name, out StepKinds.Entry? entry) ? entry : null)).ToArray();
            context.Output.List(
                rows,
                rows.Select(r => new
                {
                    Id = r.Name, r.Summary, Version = r.Entry?.Kind.Version, IsReusable = r.Entry?.Kind.IsReusable, State = r.Entry is null ? "announced" : "built",
                    Plugin = r.Entry?.Kind is PluginKind plugin ? new { plugin.Source.Assembly, plugin.Source.Version, plugin.Source.Path, Hash = plugin.Source.Hash.Hex } : null,
                    With = r.Entry?.Inputs.Select(f => new { f.Name, Type = f.Type.ToString(), f.Required }),
                    Outputs = r.Entry?.Outputs.Select(f => new { f.Name, Type = f.Type.ToString() }),
                }).ToArray(),
                new("kind", r => r.Name, Weight: Weight.Key),
                new("version", r => r.Entry?.Kind.Version.ToString(CultureInfo.InvariantCulture), Right: true),
                new("state", r => r.Entry is null ? "announced" : "built", Tone: r => r.Entry is null ? Tone.Quiet : Tone.Ok),
                new("reused", r => r.Entry is null ? null : r.Entry.Kind.IsReusable ? "yes" : "no"),
                new("from", r => r.Entry?.Kind is PluginKind plugin ? $"{plugin.Source.Assembly} {plugin.Source.Version} ({plugin.Source.Hash.Short})" : null),
                new("summary", r => r.Summary, Weight: Weight.Key));
            return ExitCode.Ok;
        });
        return list;
    }
}
