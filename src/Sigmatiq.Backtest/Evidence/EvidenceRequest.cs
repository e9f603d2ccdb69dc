using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>Which combo is to be shown to a person, and on which data.</summary>
public sealed record EvidenceRequest
{
    /// <summary>Stable id of what would be deployed; the same for the same content, so that evidence made again is equal.</summary>
    public required string StrategyId { get; init; }

    /// <summary>Its name for people.</summary>
    public required string StrategyName { get; init; }

    /// <summary>The combo.</summary>
    public required EffectiveConfig Config { get; init; }

    /// <summary>The model's bars, ending with the hold-out.</summary>
    public required ModelBars Bars { get; init; }

    /// <summary>Selection window and hold-out.</summary>
    public required SweepWindow Window { get; init; }

    /// <summary>First bar of the sweep's metrics.</summary>
    public required int SelectionStart { get; init; }

    /// <summary>What the sweep compared thresholds with; null where the pack uses no confidence.</summary>
    public required ConfidenceColumn? SelectionConfidence { get; init; }

    /// <summary>What thresholds are compared with on the hold-out: calibrated probability of the trained model, or the rule score.</summary>
    public required ConfidenceColumn? HoldoutConfidence { get; init; }

    /// <summary>Effective quality gates of the sweep.</summary>
    public required QualityGates Gates { get; init; }

    /// <summary>Hash of the bars.</summary>
    public required string DataSnapshotId { get; init; }

    /// <summary>Content hashes of the trained models; empty without one.</summary>
    public IReadOnlyList<string> ArtifactHashes { get; init; } = [];

    /// <summary>Probability of overfitting of the sweep that chose the combo; null where no sweep did.</summary>
    public OverfitProbability? Overfit { get; init; }

    /// <summary>What is known to be odd about the bars (zero volume, jumps, gaps): rule name to count.</summary>
    public IReadOnlyDictionary<string, int> QualityFlags { get; init; } = new Dictionary<string, int>();

    /// <summary>Slope of the trained model's calibration, −A of 03 §3.5; 0 where the score has no skill, null without a trained model.</summary>
    public double? CalibrationSlope { get; init; }

    /// <summary>Further facts about the trained model, shown as they are.</summary>
    public JsonObject? Training { get; init; }
}
