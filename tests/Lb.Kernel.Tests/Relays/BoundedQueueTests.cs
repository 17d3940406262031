using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

public sealed class BoundedQueueTests
{
    [Fact]
    public void What_is_added_comes_out_in_order_and_a_full_queue_refuses()
    {
        BoundedQueue<int> queue = new(4);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 4; i++)
            {
                Assert.True(queue.TryAdd((round * 10) + i, out long waiting));
                Assert.Equal(i + 1, waiting);
            }

            Assert.False(queue.TryAdd(99, out _));
            for (int i = 0; i < 4; i++)
            {
                Assert.True(queue.TryTake(out int value));
                Assert.Equal((round * 10) + i, value);
            }

            Assert.False(queue.TryTake(out _));
        }

        Assert.Equal(20, queue.Written);
    }

    [Fact]
    public async Task Many_threads_lose_and_double_nothing()
    {
        const int Each = 50_000;
        BoundedQueue<int> queue = new(1024);
        long lost = 0;
        Task[] writers = [.. Enumerable.Range(0, 3).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                if (!queue.TryAdd((writer * Each) + i, out _))
                {
                    Interlocked.Increment(ref lost);
                }
            }
        }))];
        int[] last = [-1, -1, -1];
        long taken = 0;
        Task all = Task.WhenAll(writers);
        while (!all.IsCompleted || queue.Written > taken)
        {
            if (queue.TryTake(out int value))
            {
                int writer = value / Each;
                Assert.True(value % Each > last[writer], $"{value} comes after {last[writer]}");
                last[writer] = value % Each;
                taken++;
            }
        }

        await all;
        Assert.Equal(3L * Each, taken + Interlocked.Read(ref lost));
        Assert.False(queue.TryTake(out _));
    }

    [Theory]
    [InlineData(FlowLogging.Off, 1, 0)]
    [InlineData(FlowLogging.Full, 100, 100_000)]
    [InlineData(FlowLogging.Sampled, 1, 100_000)]
    [InlineData(FlowLogging.Sampled, 4, 25_000)]
    [InlineData(FlowLogging.Sampled, 100, 1_000)]
    public void Sample_is_its_share_of_hashes(FlowLogging logging, int oneIn, int expected)
    {
        Random random = new(9);

        int taken = Enumerable.Range(0, 100_000).Count(
            _ => FlowSampling.Takes(logging, (uint)random.NextInt64(1L << 32), oneIn));

        // Five standard deviations.
        double slack = 5 * Math.Sqrt(expected * (1 - (expected / 100_000.0)));
        Assert.InRange(taken, expected - slack, expected + slack);
    }
}
