namespace Lb.Bench;

/// <summary>What the data plane is held to.</summary>
internal static class Bars
{
    private const string Established = "TCP v4 dsr-ipip";

    /// <summary>
    /// Nanoseconds of the floor on the kind of machine, when quiet, where the best public XDP balancer took 62 ns for
    /// one flow; on a slower one the limit grows in proportion. (The wrapper of that measurement took 12.)
    /// </summary>
    private const double QuietFloor = 20;

    private const double OneFlow = 45;
    private const double FullOverMinimal = 4;
    private const double BuildMilliseconds = 10;
    private const double SwapMilliseconds = 2;

    /// <summary>The bars of what was measured.</summary>
    public static IReadOnlyList<Bar> Of(IReadOnlyList<PacketResult> packets, TableResult? table) =>
        [.. packets.Count == 0 ? [] : Of(packets), .. table is null ? [] : Of(table)];

    private static Bar[] Of(IReadOnlyList<PacketResult> packets)
    {
        PacketResult one = Find(packets, Kernel.Tracking.Minimal, 1);
        int most = packets.Max(result => result.Case.Flows);
        double minimal = Find(packets, Kernel.Tracking.Minimal, most).Net.Median;
        double full = Find(packets, Kernel.Tracking.Full, most).Net.Median;
        double slower = Math.Max(1, one.Floor.Median / QuietFloor);
        return
        [
            new Bar($"{Established}, minimal, one flow", one.Net.Median, OneFlow * slower, "ns"),
            new Bar($"{Established}, minimal over full at {most:N0} flows", minimal / full, 1 / FullOverMinimal, "times"),
        ];
    }

    private static Bar[] Of(TableResult table) =>
        [
            new Bar($"build {table.Slots:N0} slots, {table.Backends:N0} backends", table.Build.Median, BuildMilliseconds, "ms"),
            new Bar($"swap {table.Slots:N0} slots", table.Swap.Median, SwapMilliseconds, "ms"),
        ];

    private static PacketResult Find(IReadOnlyList<PacketResult> packets, Kernel.Tracking tracking, int flows) =>
        packets.Single(result => result.Case.Workload.Name == Established
            && result.Case.Workload.Service!.Tracking == tracking
            && result.Case.Flows == flows);
}
