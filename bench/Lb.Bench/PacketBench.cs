using Lb.Kernel;

namespace Lb.Bench;

/// <summary>Nanoseconds per packet of a case.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Net">The program's own: what remains above the floor that was measured in the same moments.</param>
/// <param name="Floor">The wrapper with the stub.</param>
internal sealed record PacketResult(Case Case, Statistics Net, Statistics Floor);

/// <summary>One measurement.</summary>
internal readonly record struct Sample(double Net, double Floor);

/// <summary>Measures nanoseconds per packet, all cases in turn, round by round.</summary>
internal sealed class PacketBench(Balancer balancer, Options options)
{
    private const int Slices = 5;

    /// <summary>The same for all cases and the floor: what is cold at the start of a slice must weigh the same.</summary>
    private const int RunsPerSlice = 131_072;
    private static readonly int[] AllFlows = [1, 1024, 131_072, 1_048_576];
    private readonly int[] _flows = [.. AllFlows.Where(flows => flows <= options.MaxFlows)];

    public IReadOnlyList<PacketResult> Run(Action<string> progress)
    {
        using var wrapper = new Wrapper(balancer.Datapath.Program);
        foreach (Workload workload in balancer.Workloads.Where(workload => workload.NeedsFlows))
        {
            progress($"entering flows of {workload.Name}");
            if (workload.IsFullNat)
            {
                FullNatFlows.Open(balancer, workload, _flows[^1]);
            }
            else
            {
                EnterFlows(wrapper, workload);
            }
        }

        balancer.TakeFullNat(false);
        Case[] cases = [.. balancer.Workloads.SelectMany(workload => _flows.Select(flows => new Case(workload, flows)))];
        var samples = cases.ToDictionary(c => c, _ => new List<Sample>());
        for (int round = 1; round <= options.Rounds; round++)
        {
            progress($"round {round} of {options.Rounds}");
            Random.Shared.Shuffle(cases);
            foreach (Case one in cases)
            {
                samples[one].Add(Measure(wrapper, one));
            }
        }

        CheckNothingWasDropped();
        return
        [
            .. from workload in balancer.Workloads
               from flows in _flows
               let one = new Case(workload, flows)
               select new PacketResult(
                   one,
                   Statistics.Of(samples[one].Select(sample => sample.Net)),
                   Statistics.Of(samples[one].Select(sample => sample.Floor))),
        ];
    }

    /// <summary>Program and stub in turn, in slices that are short against the drift of the clock's speed.</summary>
    private static Sample Measure(Wrapper wrapper, Case one)
    {
        double gross = double.MaxValue;
        double floor = double.MaxValue;
        // Once before it counts: caches and, for SYNs, the pending flows are then as they stay.
        Run(wrapper, one, Target.UnderTest);
        for (int slice = 0; slice < Slices; slice++)
        {
            // The least of them: interrupts and neighbours only ever add.
            floor = Math.Min(floor, Run(wrapper, one, Target.Stub));
            gross = Math.Min(gross, Run(wrapper, one, Target.UnderTest));
        }

        return new Sample(gross - floor, floor);
    }

    private static double Run(Wrapper wrapper, Case one, Target target) =>
        wrapper.Run(one.Workload, one.Flows, target, RunsPerSlice);

    private void EnterFlows(Wrapper wrapper, Workload workload)
    {
        int flows = _flows[^1];
        wrapper.Enter(workload, flows);
        ulong tracked = balancer.Datapath.ReadServiceTraffic(workload.Service!.Id).Tracked;
        if (tracked != (ulong)flows)
        {
            throw new InvalidOperationException($"{tracked} of {flows} flows of {workload.Name} were entered.");
        }
    }

    /// <summary>A fast drop would look like a fast program.</summary>
    private void CheckNothingWasDropped()
    {
        foreach (Workload workload in balancer.Workloads.Where(workload => workload.Service is not null))
        {
            Traffic traffic = balancer.Datapath.ReadServiceTraffic(workload.Service!.Id);
            if (traffic.Dropped.Packets > 0 || traffic.Untracked > 0)
            {
                throw new InvalidOperationException($"{workload.Name} was not only forwarded: {traffic}");
            }
        }
    }
}
