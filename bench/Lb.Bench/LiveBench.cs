namespace Lb.Bench;

/// <summary>Millions of frames a second, in and out.</summary>
internal sealed record LiveResult(string Name, int Flows, Statistics Mpps, Statistics Stub)
{
    /// <summary>Share of the frames that the stub sends in the same time.</summary>
    public double OfStub => Mpps.Median / Stub.Median;
}

/// <summary>
/// Sends frames, as drivers have them, back by the wire on which they came: what the program costs beside a driver, the
/// sending and the far end, which all run on the same CPU.
/// </summary>
internal sealed class LiveBench(Options options)
{
    private const int Slices = 5;
    private const int Frames = 1 << 19;
    private static readonly string[] Names = ["TCP v4 dsr-ipip", "TCP v4 nat", "TCP v6 dsr-ipip", "TCP v6 nat", "UDP v4 dsr-ipip"];

    public IReadOnlyList<LiveResult> Run(Action<string> progress)
    {
        using var wire = new Wire();
        using var balancer = new Balancer(options.MaxFlows, wire.Index);
        using var wrapper = new Wrapper(balancer.Datapath.Program);
        var results = new List<LiveResult>();
        foreach (Workload workload in Names.Select(name => balancer.Workloads.First(one => one.Name == name)))
        {
            foreach (int flows in (int[])[1, options.MaxFlows])
            {
                progress($"live frames of {workload.Name}, {flows:N0} flows");
                results.Add(Measure(wrapper, workload, flows, wire.Index));
            }

            // A fast drop would look like a fast program.
            ulong dropped = balancer.Datapath.ReadServiceTraffic(workload.Service!.Id).Dropped.Packets;
            if (dropped > 0)
            {
                throw new InvalidOperationException($"{dropped} frames of {workload.Name} were dropped.");
            }
        }

        return results;
    }

    private LiveResult Measure(Wrapper wrapper, Workload workload, int flows, int ingress)
    {
        var own = new List<double>();
        var stub = new List<double>();
        for (int slice = 0; slice < Slices * Math.Max(1, options.Rounds / 3); slice++)
        {
            stub.Add(wrapper.RunLive(workload, flows, Target.Stub, Frames, ingress));
            own.Add(wrapper.RunLive(workload, flows, Target.UnderTest, Frames, ingress));
        }

        return new LiveResult(workload.Name, flows, Statistics.Of(own), Statistics.Of(stub));
    }
}
