using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Drift;

/// <summary>One lbd that checks itself every second, for harms one after another.</summary>
public sealed class DriftBed : IDisposable
{
    private readonly Lazy<(Topology Topology, Lbd Lbd)> _parts = new(Build);

    internal Topology Topology => _parts.Value.Topology;

    internal Lbd Lbd => _parts.Value.Lbd;

    internal static SiteSpec Site(Topology topology, string checkInterval) =>
        new SiteSpec(topology.Site) { CheckInterval = checkInterval }
            .Add(Route.Of("nat-v4").Service("tcp", topology.Backends.Take(1)))
            .Add(Route.Of("nat-v4").Service("udp", topology.Backends.Take(2)))
            .Add(Route.Of("nat-v6").Service("tcp", topology.Backends.Take(2)));

    public void Dispose()
    {
        if (_parts.IsValueCreated)
        {
            _parts.Value.Topology.Dispose();
        }
    }

    private static (Topology Topology, Lbd Lbd) Build()
    {
        Topology topology = Topology.WithEchoServers(2);
        try
        {
            return (topology, Lbd.Start(topology, Site(topology, "1s")));
        }
        catch
        {
            topology.Dispose();
            throw;
        }
    }
}
