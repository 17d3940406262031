using System.Diagnostics;
using System.Net;
using Lb.Actors;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>Milliseconds to build a table and to put it in place.</summary>
internal sealed record TableResult(int Slots, int Backends, Statistics Build, Statistics Swap);

/// <summary>Measures tables of many backends, and many tables.</summary>
internal static class TableBench
{
    private const int Repetitions = 25;

    /// <summary>One table of 1,000 backends and one of 10,000, both of the most slots that a table has.</summary>
    public static IReadOnlyList<TableResult> Run(IDatapath datapath, uint table) =>
        [Run(datapath, table, 1000), Run(datapath, table, 10_000)];

    private static TableResult Run(IDatapath datapath, uint table, int backends)
    {
        MaglevMember[] pool =
        [
            .. Enumerable.Range(0, backends).Select(i => new MaglevMember(
                new Endpoint(new IPAddress([10, 2, (byte)(i / 250), (byte)(i % 250)]), 8080, TransportProtocol.Tcp),
                (uint)i + 1,
                1)),
        ];
        uint[] ids = new uint[Balancer.Slots];
        Slot[] slots = datapath.ReadTable(table)!;
        // Each table differs from the one before, as a real one does.
        Slot[] other = [.. slots.Reverse()];
        var builds = new List<double>();
        var swaps = new List<double>();
        for (int i = 0; i < Repetitions; i++)
        {
            builds.Add(CpuMilliseconds(() => Maglev.Fill(pool, ids)));
            swaps.Add(WallMilliseconds(() => datapath.SwapTable(table, i % 2 == 0 ? other : slots)));
        }

        return new TableResult(Balancer.Slots, backends, Statistics.Of(builds), Statistics.Of(swaps));
    }

    private static double CpuMilliseconds(Action action)
    {
        long start = CpuClock.Nanoseconds;
        action();
        return (CpuClock.Nanoseconds - start) / 1e6;
    }

    /// <summary>A swap may wait for the kernel, which takes no CPU time.</summary>
    private static double WallMilliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
