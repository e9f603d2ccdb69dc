namespace Sigmatiq.App.Pages;

/// <summary>Glyph and badge of a state. State is shape, word and colour, never colour alone.</summary>
internal static class Marks
{
    public static string Class(Mark mark) => mark switch
    {
        Mark.Running => "run",
        Mark.Waiting => "wait",
        Mark.Ok => "ok",
        Mark.Caution => "warn",
        Mark.Bad => "bad",
        _ => "idle",
    };

    public static Html Glyph(Mark mark) => mark switch
    {
        Mark.Running => Draw("<path d=\"M14 8a6 6 0 1 1-3.5-5.5\"/>"),
        Mark.Waiting => Draw("<path d=\"M5.5 3.5v9M10.5 3.5v9\"/>"),
        Mark.Ok => Draw("<path d=\"M3 8.500l3.3 3.300L13 4.8\"/>"),
        Mark.Caution => Draw("<path d=\"M8 2.500l6 10.500H2zM8 6.500v3M8 11.200v.1\"/>"),
        Mark.Bad => Draw("<path d=\"M4 4l8 8M12 4l-8 8\"/>"),
        Mark.Skipped => Draw("<path d=\"M3.5 8h9\"/>"),
        _ => Draw("<circle cx=\"8\" cy=\"8\" r=\"5.5\" stroke-dasharray=\"2.2 2.2\"/>"),
    };

    public static Html Badge(Mark mark, string word) => Html.Of($"<span class=\"b {Class(mark)}\">{Glyph(mark)}{word}</span>");

    public static string Word(Mark mark) => mark switch
    {
        Mark.Ok => "Pass",
        Mark.Caution => "Marginal",
        Mark.Bad => "Fail",
        Mark.Skipped => "Skipped",
        Mark.Running => "Running",
        Mark.Waiting => "Waiting",
        _ => "Pending",
    };

    private static Html Draw(string path) => Html.OfAsset(
        $"<svg class=\"g\" width=\"14\" height=\"14\" viewBox=\"0 0 16 16\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.8\" stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">{path}</svg>");
}
