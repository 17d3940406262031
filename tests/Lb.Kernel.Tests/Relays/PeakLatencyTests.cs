using Lb.Kernel.Relays;

namespace Lb.Kernel.Tests.Relays;

public sealed class PeakLatencyTests
{
    [Fact]
    public void Higher_sample_is_taken_at_once() => Assert.Equal(900, PeakLatency.Next(100, 1, 900));

    [Fact]
    public void Lower_sample_pulls_it_down_by_time()
    {
        Assert.Equal(900, PeakLatency.Next(900, 0, 100), 3);
        Assert.Equal(100 + (800 / Math.E), PeakLatency.Next(900, PeakLatency.DecayMilliseconds, 100), 3);
        Assert.Equal(100, PeakLatency.Next(900, 1e6, 100), 3);
    }

    [Fact]
    public void Reading_decays_so_that_what_was_slow_is_tried_again()
    {
        PeakLatency latency = new();
        latency.Add(1000, now: 5_000_000_000);

        Assert.Equal(1000, latency.Read(5_000_000_000), 3);
        Assert.Equal(1000 / Math.E, latency.Read(5_000_000_000 + (long)PeakLatency.DecayMilliseconds), 3);
    }

    [Fact]
    public void Samples_of_several_threads_keep_the_peak()
    {
        PeakLatency latency = new();

        Parallel.For(1, 10_001, sample => latency.Add(sample, now: 7));

        Assert.Equal(10_000, latency.Read(7), 3);
    }
}
