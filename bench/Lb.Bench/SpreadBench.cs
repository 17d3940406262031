using System.Diagnostics;
using Lb.Kernel;

namespace Lb.Bench;

/// <summary>A way from where frames come in to the far end of a wire.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Mpps">Millions of frames a second that arrive.</param>
/// <param name="In">Millions of frames a second that the first CPU is through with.</param>
/// <param name="Lost">Share of the frames that were put into a full queue.</param>
internal sealed record SpreadResult(string Name, Statistics Mpps, Statistics In, Statistics Lost);

/// <summary>
/// Frames that one CPU brings in, as drivers have them: handled there, or handed to other CPUs. And frames that leave by
/// another interface: by its index, or by a device map.
/// </summary>
internal sealed class SpreadBench(Options options)
{
    private const int Slices = 5;
    private const int Frames = 1 << 19;
    private const int Queue = 2048;
    private static readonly (string Name, Tracking Tracking)[] s_workloads =
    [
        ("TCP v4 nat", Tracking.Minimal), ("TCP v4 nat", Tracking.Full), ("TCP v6 nat", Tracking.Full),
    ];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public IReadOnlyList<SpreadResult> Run(Action<string> progress)
    {
        using var wire = new Wire();
        using var balancer = new Balancer(options.MaxFlows, wire.Index);
        using var programs = SpreadPrograms.Load(balancer.Datapath);
        using var off = new Wrapper(balancer.Datapath.Program);
        using var on = new Wrapper(programs.Entry);
        var results = new List<SpreadResult>();
        foreach ((string name, Tracking tracking) in s_workloads)
        {
            Workload workload = balancer.Workloads.First(one => one.Name == name && one.Service?.Tracking == tracking);
            progress($"one CPU or several, {workload.Name} {tracking}");
            if (workload.NeedsFlows)
            {
                off.Enter(workload, options.MaxFlows);
            }

            results.AddRange(Spread(balancer, programs, (off, on), workload, wire.Index));
        }

        progress("another interface, by index or by device map");
        results.AddRange(Exits(balancer.Workloads[0], wire.Index));
        return results;
    }

    private IEnumerable<SpreadResult> Spread(
        Balancer balancer, SpreadPrograms programs, (Wrapper Off, Wrapper On) wrappers, Workload workload, int ingress)
    {
        int[] all = [.. HostCpus.Read().Online];
        int[] others = [.. all.Where(cpu => cpu != options.Cpu)];
        Way[] ways =
        [
            new("off", wrappers.Off, []),
            new("on, no CPU has a share", wrappers.On, []),
            new("on, this CPU alone", wrappers.On, [options.Cpu]),
            new("on, all CPUs", wrappers.On, all),
            new("on, the other CPUs", wrappers.On, others),
        ];
        for (int round = 0; round < Slices * Math.Max(1, options.Rounds / 3); round++)
        {
            foreach (Way way in ways)
            {
                programs.Write(way.Cpus, Queue);
                ulong before = Forwarded(balancer, workload);
                long missing = Missing(programs);
                long start = Stopwatch.GetTimestamp();
                way.In.Add(way.Wrapper.RunLive(workload, options.MaxFlows, Target.UnderTest, Frames, ingress));
                (ulong arrived, TimeSpan took) = Settle(balancer, workload, start);
                way.Mpps.Add((arrived - before) / took.TotalMicroseconds);
                way.Lost.Add((Missing(programs) - missing) / (double)Frames);
            }
        }

        return ways.Select(way => new SpreadResult(
            $"{workload.Name}, {workload.Service!.Tracking}, {way.Name}",
            Statistics.Of(way.Mpps),
            Statistics.Of(way.In),
            Statistics.Of(way.Lost)));
    }

    private IReadOnlyList<SpreadResult> Exits(Workload workload, int exit)
    {
        const int loopback = 1;
        byte[] index = BitConverter.GetBytes(exit);
        using var stubs = ProgramObject.Load(Wrapper.Elf(), "lb_bench");
        stubs.Set("bench_exit", 0, index);
        stubs.Set("bench_ports", (uint)exit, index);
        using XdpProgram byIndex = stubs.Program("lb_by_index");
        using XdpProgram byMap = stubs.Program("lb_by_map");
        using var first = new Wrapper(byIndex);
        using var second = new Wrapper(byMap);
        Way[] ways = [new("bpf_redirect", first, []), new("device map", second, [])];
        for (int round = 0; round < Slices * Math.Max(1, options.Rounds / 3); round++)
        {
            // By turns first: who comes second has warm caches.
            foreach (Way way in round % 2 == 0 ? ways : ways.Reverse())
            {
                way.In.Add(way.Wrapper.RunLive(workload, options.MaxFlows, Target.UnderTest, Frames, loopback));
            }
        }

        return [.. ways.Select(way => new SpreadResult(
            $"another interface, {way.Name}", Statistics.Of(way.In), Statistics.Of(way.In), default))];
    }

    /// <summary>Waits until no CPU forwards any more, and says when the last frame was.</summary>
    private static (ulong Arrived, TimeSpan Took) Settle(Balancer balancer, Workload workload, long start)
    {
        ulong arrived = Forwarded(balancer, workload);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        var quiet = Stopwatch.StartNew();
        while (quiet.Elapsed < TimeSpan.FromMilliseconds(20) && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            ulong now = Forwarded(balancer, workload);
            if (now != arrived)
            {
                (arrived, took) = (now, Stopwatch.GetElapsedTime(start));
                quiet.Restart();
            }

            Thread.Yield();
        }

        return (arrived, took);
    }

    private static ulong Forwarded(Balancer balancer, Workload workload) =>
        balancer.Datapath.ReadServiceTraffic(workload.Service!.Id).Forwarded.Packets;

    private static long Missing(SpreadPrograms programs) => programs.Read().Sum(cpu => cpu.Given - cpu.Taken);

    private sealed record Way(string Name, Wrapper Wrapper, int[] Cpus)
    {
        public List<double> Mpps { get; } = [];

        public List<double> In { get; } = [];

        public List<double> Lost { get; } = [];
    }
}
