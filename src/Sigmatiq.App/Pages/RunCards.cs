using System.Globalization;

namespace Sigmatiq.App.Pages;

/// <summary>The run itself: heading, the board of eight stages, and what its data are.</summary>
internal static class RunCards
{
    public static Html Heading(StatusView view)
    {
        LifecycleView run = view.Run!;
        return Html.Of(
            $"""
            <div class="hd" data-part="heading">
            <h1><bdi>{run.Title}</bdi></h1>
            <p class="m"><bdi>{run.Workflow}</bdi> with <bdi>{run.Pack}</bdi>, asked for {PageText.Instant(run.RequestedUtc)}. <code>{run.Id}</code></p>
            {(run.Failure is null ? Html.Empty : Html.Of($"<p class=\"notice bad\" role=\"alert\">{Marks.Glyph(Mark.Bad)}{run.Failure}</p>"))}
            </div>
            """);
    }

    public static Html Board(LifecycleView run) => Html.Of(
        $"""
        <section class="card" data-part="board" aria-label="Stages">
        <ol class="board">{run.Stages.Select(Stage)}</ol>
        </section>
        """);

    public static Html DataNote(DataView? data)
    {
        if (data is null)
        {
            return Html.Of($"<div data-part=\"data\"></div>");
        }

        string range = data.From is { } from && data.To is { } to ? $", {PageText.Date(from)} to {PageText.Date(to)}" : "";
        Html snapshot = data.SnapshotId is { } id ? Html.Of($" Snapshot <code title=\"{id}\">{PageText.Short(id)}</code>.") : Html.Empty;
        Html bars = Html.Of($"<b><bdi>{data.Symbol}</bdi></b>{(data.Interval is null ? "" : $", {data.Interval} bars")}{range}.{snapshot}");
        return data.IsSynthetic
            ? Html.Of($"<p class=\"note synth\" data-part=\"data\"><span><b>Synthetic data.</b> {bars} {data.PlantedEffect}</span></p>")
            : Html.Of($"<p class=\"note\" data-part=\"data\"><span>{bars}</span></p>");
    }

    private static Html Stage(StageView stage, int number)
    {
        Html progress = stage is { State: Mark.Running, Share: { } share }
            ? Html.Of($"<progress max=\"100\" value=\"{Math.Floor(100 * Math.Clamp(share, 0, 1))}\" aria-label=\"{stage.Name}\"></progress>")
            : Html.Empty;
        return Html.Of(
            $"""
            <li class="stage {Marks.Class(stage.State)} is-{stage.State.ToString().ToLowerInvariant()}"><span class="no">{number}</span><span class="nm">{stage.Name}</span>
            <span class="st"><span class="w">{Marks.Glyph(stage.State)}{stage.Word}</span><span class="f">{stage.Fact}</span>{progress}</span></li>
            """);
    }
}
