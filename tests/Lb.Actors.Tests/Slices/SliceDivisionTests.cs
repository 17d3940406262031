using System.Collections.Immutable;

namespace Lb.Actors.Tests.Slices;

public class SliceDivisionTests
{
    [Theory]
    [InlineData(30, new[] { 0, 0, 0 }, new[] { 10, 10, 10 })]
    [InlineData(31, new[] { 0, 0, 0 }, new[] { 11, 10, 10 })]
    [InlineData(2, new[] { 0, 0, 0 }, new[] { 1, 1, 0 })]
    [InlineData(30, new[] { 20, 0, 0 }, new[] { 26, 2, 2 })]
    [InlineData(30, new[] { 40, 40, 0 }, new[] { 15, 15, 0 })]
    [InlineData(0, new[] { 5, 1, 0 }, new[] { 0, 0, 0 })]
    public void Slices_cover_use_first_and_are_equal_beyond_that(int total, int[] used, int[] slices) => Assert.Equal(
        slices,
        SliceDivision.Divide(total, [.. used.Select(count => new SliceNeed(count, count == 20 ? 21 : 100, Hungry: false))]));

    [Fact]
    public void Who_waits_comes_before_who_might_need_more()
    {
        ImmutableArray<int> slices = SliceDivision.Divide(3, [new(1, 3, false), new(0, 0, true), new(1, 3, false)]);

        Assert.Equal<int>([1, 1, 1], slices);
    }

    [Fact]
    public void Slices_are_never_more_than_there_is_and_all_of_it_in_random_needs()
    {
        Random random = new(5);
        for (int round = 0; round < 5000; round++)
        {
            int total = random.Next(0, 200);
            SliceNeed[] needs = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => new SliceNeed(
                random.Next(0, 60), random.Next(0, 60), random.Next(3) == 0))];

            ImmutableArray<int> slices = SliceDivision.Divide(total, needs);

            Assert.Equal(total, slices.Sum());
            Assert.All(slices, slice => Assert.InRange(slice, 0, total));
            if (needs.Sum(need => need.Used) <= total)
            {
                Assert.All(slices.Zip(needs, (slice, need) => slice - need.Used), spare => Assert.InRange(spare, 0, total));
            }
        }
    }
}
