using System.Globalization;
using System.Text.Json;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Learning.Learners;

/// <summary>What must hold of a model's JSON before XGBoost's own loader sees it.</summary>
/// <remarks>The loader (1.7) trusts the numbers it reads: a child, a feature or a tree's group out of range is memory out of range at the
/// first prediction, a circle of nodes a loop without end, and deep nesting a stack overflow. None of them can be caught afterwards.</remarks>
internal static class XgBoostJson
{
    private const int DepthMax = 16, NodesMax = 1 << 20, FeaturesMax = 100_000;

    private static readonly string[] NodeArrays =
        ["left_children", "right_children", "parents", "split_indices", "split_conditions", "default_left", "base_weights", "loss_changes", "sum_hessian", "split_type"];

    /// <summary>Checks a model.</summary>
    /// <returns>Names of its columns where it has them, else none.</returns>
    /// <exception cref="ProblemException">TRN-2003: the bytes are no such model.</exception>
    public static IReadOnlyList<string> Check(ReadOnlyMemory<byte> model)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(model, new() { MaxDepth = DepthMax });
            JsonElement learner = json.RootElement.GetProperty("learner");
            Must(json.RootElement.GetProperty("version").EnumerateArray().First().GetInt32() == 1, "it was not written by XGBoost 1");
            Must(learner.GetProperty("objective").GetProperty("name").GetString() == Hyperparameters.Objective, $"its objective is not {Hyperparameters.Objective}");
            JsonElement shape = learner.GetProperty("learner_model_param");
            int columns = Whole(shape, "num_feature");
            Must(columns is > 0 and <= FeaturesMax, "it has no number of columns");
            Must(Whole(shape, "num_class") == 0 && (!shape.TryGetProperty("num_target", out _) || Whole(shape, "num_target") == 1), "it has several outputs");
            JsonElement booster = learner.GetProperty("gradient_booster");
            Must(booster.GetProperty("name").GetString() == "gbtree", "it is not made of trees alone (gbtree)");
            CheckTrees(booster.GetProperty("model"), columns);
            string[] names = [.. learner.GetProperty("feature_names").EnumerateArray().Select(n => n.GetString()!)];
            Must(names.Length == 0 || (names.Length == columns && names.Distinct().Count() == columns), "its names of columns are not one each");
            return names;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new ProblemException(
                new Problem("TRN-2003", $"This is no model that can be loaded: {e.Message.ReplaceLineEndings(" ")}", "model",
                    "Give a binary:logistic model of XGBoost 1.7, saved as JSON."), e);
        }
    }

    private static void CheckTrees(JsonElement model, int columns)
    {
        JsonElement trees = model.GetProperty("trees");
        JsonElement shape = model.GetProperty("gbtree_model_param");
        int count = trees.GetArrayLength();
        Must(Whole(shape, "num_trees") == count && Whole(shape, "size_leaf_vector") == 0, "its number of trees is not that of its trees");
        JsonElement groups = model.GetProperty("tree_info");
        Must(groups.GetArrayLength() == count && groups.EnumerateArray().All(g => g.GetInt32() == 0), "a tree belongs to no output");
        int id = 0;
        foreach (JsonElement tree in trees.EnumerateArray())
        {
            CheckTree(tree, columns, id++);
        }
    }

    private static void CheckTree(JsonElement tree, int columns, int id)
    {
        JsonElement shape = tree.GetProperty("tree_param");
        int nodes = Whole(shape, "num_nodes");
        Must(tree.GetProperty("id").GetInt32() == id && nodes is > 0 and <= NodesMax && Whole(shape, "num_feature") == columns && Whole(shape, "size_leaf_vector") == 0,
            $"tree {id} is not of the model's shape");
        foreach (string array in NodeArrays)
        {
            Must(tree.GetProperty(array).GetArrayLength() == nodes, $"{array} of tree {id} is not one a node");
        }

        Must(tree.GetProperty("split_type").EnumerateArray().All(t => t.GetInt32() == 0), $"tree {id} splits by category");
        int[] left = Numbers("left_children"), right = Numbers("right_children"), column = Numbers("split_indices");
        bool[] seen = new bool[nodes];
        Stack<int> open = new([0]);
        while (open.TryPop(out int node))
        {
            Must(node >= 0 && node < nodes && !seen[node], $"the nodes of tree {id} are no tree");
            seen[node] = true;
            Must(column[node] >= 0 && column[node] < columns, $"tree {id} splits by a column that is not there");
            Must(left[node] == -1 == (right[node] == -1), $"a node of tree {id} has one child");
            if (left[node] != -1)
            {
                open.Push(left[node]);
                open.Push(right[node]);
            }
        }

        int[] Numbers(string name) => [.. tree.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
    }

    // The library writes its parameters as text.
    private static int Whole(JsonElement shape, string name) => int.Parse(shape.GetProperty(name).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void Must(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise + ".");
        }
    }
}
