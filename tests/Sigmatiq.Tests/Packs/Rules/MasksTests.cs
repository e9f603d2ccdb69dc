using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs.Rules;

public sealed class MasksTests
{
    [Fact]
    public void Masks_of_any_length_join_what_is_true_and_count_undefined_as_false()
    {
        const long Seed = 11;
        Rng rng = Rng.From(Seed);
        double[] values = [0, 1, double.NaN];
        for (int length = 0; length < 70; length++)
        {
            double[] mask = [.. Enumerable.Range(0, length).Select(_ => (double)rng.NextInt(2))];
            double[] holds = [.. Enumerable.Range(0, length).Select(_ => values[rng.NextInt(3)])];
            double[] and = [.. mask], or = [.. mask];

            Masks.And(and, holds);
            Masks.Or(or, holds);

            and.Should().Equal(mask.Zip(holds, (m, h) => m == 1 && h == 1 ? 1.0 : 0.0), "seed {0}, length {1}", Seed, length);
            or.Should().Equal(mask.Zip(holds, (m, h) => m == 1 || h == 1 ? 1.0 : 0.0), "seed {0}, length {1}", Seed, length);
        }
    }

    [Fact]
    public void A_scratch_column_is_used_again_and_of_another_length_is_not()
    {
        double[] first = ScratchColumns.Rent(31);
        ScratchColumns.Return(first);

        ScratchColumns.Rent(31).Should().BeSameAs(first);
        ScratchColumns.Return(first);
        ScratchColumns.Rent(32).Should().HaveCount(32);
    }
}
