namespace Sigmatiq.Learning.Labels;

/// <summary>What became of a unit position opened after each decision bar, with the combo's own barriers (spec 03 §3.2).</summary>
/// <param name="Label">1 for a net gain, 0 for none, NaN where the position is still open when the data end; shape [bars].</param>
/// <param name="EndBar">Bar in which the position closed, −1 where there is no label; shape [bars].</param>
/// <param name="NetReturn">Net gain as a fraction of the entry value, NaN where there is no label; shape [bars].</param>
public sealed record LabelColumns(double[] Label, int[] EndBar, double[] NetReturn)
{
    /// <summary>Number of bars.</summary>
    public int Count => Label.Length;

    /// <summary>Decision bars that have a label, oldest first.</summary>
    public int[] LabelledBars() => [.. Enumerable.Range(0, Count).Where(t => EndBar[t] >= 0)];
}
