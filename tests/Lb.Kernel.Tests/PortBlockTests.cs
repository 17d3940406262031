using FsCheck;
using FsCheck.Fluent;

namespace Lb.Kernel.Tests;

public sealed class PortBlockTests
{
    private const int MostBlocks = 30;

    [Fact]
    public void Blocks_of_any_range_are_exactly_its_ports_in_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Gen.Choose(0, ushort.MaxValue).Two().ToArbitrary(), edges =>
        {
            (ushort first, ushort last) = ((ushort)Math.Min(edges.Item1, edges.Item2), (ushort)Math.Max(edges.Item1, edges.Item2));
            IReadOnlyList<PortBlock> blocks = PortBlock.Split(first, last);
            int next = first;
            foreach (PortBlock block in blocks)
            {
                // Aligned: its ports begin with the same bits, and no other port does.
                int size = 1 << (16 - block.Bits);
                Assert.Equal(next, block.First);
                Assert.Equal(0, block.First % size);
                Assert.Equal(block.First + size - 1, block.Last);
                next = block.Last + 1;
            }

            Assert.Equal(last + 1, next);
            return blocks.Count <= MostBlocks;
        }));

    [Theory]
    [InlineData(0, 65_535, 1)]
    [InlineData(1, 65_535, 16)]
    [InlineData(1, 65_534, MostBlocks)]
    [InlineData(80, 80, 1)]
    [InlineData(5000, 5999, 9)]
    public void Ranges_have_the_fewest_blocks(int first, int last, int blocks) =>
        Assert.Equal(blocks, PortBlock.Split((ushort)first, (ushort)last).Count);
}
