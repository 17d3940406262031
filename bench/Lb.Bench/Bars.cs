using Lb.Kernel;

namespace Lb.Bench;

/// <summary>What the data plane is held to.</summary>
internal static class Bars
{
    private const string Established = "TCP v4 dsr-ipip";
    private const string Nobodys = "no service v4";

    /// <summary>
    /// Nanoseconds of the floor on the kind of machine, when quiet, where the best public XDP balancer took 62 ns for
    /// one flow; on a slower one the limit grows in proportion. (The wrapper of that measurement took 12.)
    /// </summary>
    private const double QuietFloor = 20;

    private const double FullOverMinimal = 4;
    private const double BuildMilliseconds = 3;
    private const double SwapMilliseconds = 2;
    private const int BarBackends = 1000;

    /// <summary>Of what the stub does in live frames.</summary>
    private const double LiveOfStub = 0.85;

    private const int VerifiedInstructions = 100_000;

    /// <summary>Packets, whether the most flows are meant or one, and the nanoseconds that they may take.</summary>
    private static readonly PacketBar[] Packets =
    [
        new(Established, false, 35),
        new(Established, true, 65),
        new("SYN v4 dsr-ipip", false, 45),
        new("TCP v6 dsr-ipip", false, 45),
        new("UDP v4 dsr-ipip", false, 45),
        new(Nobodys, false, 15),
    ];

    /// <summary>The bars of what was measured.</summary>
    public static IReadOnlyList<Bar> Of(
        IReadOnlyList<PacketResult> packets, IReadOnlyList<LiveResult> live, IReadOnlyList<TableResult> tables, XdpProgram program) =>
        [
            .. packets.Count == 0 ? [] : Of(packets),
            .. live.Where(one => one.Name == Established).Select(Of),
            .. tables.Where(table => table.Backends == BarBackends).SelectMany(Of),
            new Bar($"instructions of {program.Name} that the verifier walks", program.ReadVerifiedInstructions(), VerifiedInstructions, ""),
        ];

    private static Bar[] Of(IReadOnlyList<PacketResult> packets)
    {
        int most = packets.Max(result => result.Case.Flows);
        double minimal = Find(packets, Established, Tracking.Minimal, most).Net.Median;
        double full = Find(packets, Established, Tracking.Full, most).Net.Median;
        return
        [
            .. Packets.Select(bar => Of(bar, packets, bar.OfMost ? most : 1)),
            new Bar($"{Established}, minimal over full at {most:N0} flows", minimal / full, 1 / FullOverMinimal, "times"),
        ];
    }

    private static Bar Of(PacketBar bar, IReadOnlyList<PacketResult> packets, int flows)
    {
        PacketResult result = Find(packets, bar.Name, bar.Name == Nobodys ? null : Tracking.Minimal, flows);
        double slower = Math.Max(1, result.Floor.Median / QuietFloor);
        return new Bar(
            $"{bar.Name}, {flows:N0} flow{(flows == 1 ? "" : "s")} (limit {bar.Nanoseconds} ns over a floor of {QuietFloor} ns)",
            result.Net.Median,
            bar.Nanoseconds * slower,
            "ns");
    }

    private static Bar Of(LiveResult live) => new(
        $"{live.Name}, live frames, {live.Flows:N0} flows, of what the stub sends", live.OfStub, LiveOfStub, "times")
    {
        AtLeast = true,
    };

    private static Bar[] Of(TableResult table) =>
        [
            new Bar($"build {table.Slots:N0} slots, {table.Backends:N0} backends", table.Build.Median, BuildMilliseconds, "ms"),
            new Bar($"swap {table.Slots:N0} slots", table.Swap.Median, SwapMilliseconds, "ms"),
        ];

    private static PacketResult Find(IReadOnlyList<PacketResult> packets, string name, Tracking? tracking, int flows) =>
        packets.First(result => result.Case.Workload.Name == name
            && result.Case.Workload.Service?.Tracking == tracking
            && result.Case.Flows == flows);

    private sealed record PacketBar(string Name, bool OfMost, double Nanoseconds);
}
