using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>One lbd with every kind of service, shared by scenarios that change nothing.</summary>
public sealed class ForwardingBed : IDisposable
{
    // Made by the first test that runs: a class whose tests are all skipped needs no privileges.
    private readonly Lazy<Topology> _topology = new(Build);

    internal Topology Topology => _topology.Value;

    public void Dispose()
    {
        if (_topology.IsValueCreated)
        {
            _topology.Value.Dispose();
        }
    }

    private static Topology Build()
    {
        Topology topology = Topology.WithEchoServers(3);
        try
        {
            Lbd.Start(topology, Route.FullSite(topology, "tcp", "udp"));
            return topology;
        }
        catch
        {
            topology.Dispose();
            throw;
        }
    }
}
