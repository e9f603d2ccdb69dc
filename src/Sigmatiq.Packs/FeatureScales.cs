namespace Sigmatiq.Packs;

/// <summary>Scales of the built-in features in the learning matrix and on displays (01 §1.4); other packs write <c>scale</c>.</summary>
/// <remarks>They stand here and not in the files because the files of <c>swingsigma</c> carry exactly the values of the sources.</remarks>
public static class FeatureScales
{
    /// <summary>The scale of a feature, or null.</summary>
    public static double? Of(string featureId) => featureId switch
    {
        "trend_strength" => 100,
        "momentum_composite" => 3,
        _ => null,
    };
}
