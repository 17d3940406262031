using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>One lbd with every kind of service, shared by scenarios that change nothing.</summary>
public class ForwardingBed : IDisposable
{
    // Made by the first test that runs: a class whose tests are all skipped needs no privileges.
    private readonly Lazy<Topology> _topology;

    public ForwardingBed() => _topology = new Lazy<Topology>(Build);

    internal Topology Topology => _topology.Value;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && _topology.IsValueCreated)
        {
            _topology.Value.Dispose();
        }
    }

    /// <summary>What is to be other than usual of the topology, before lbd starts.</summary>
    private protected virtual void Prepare(Topology topology)
    {
    }

    /// <summary>The site.</summary>
    private protected virtual SiteSpec Configure(SiteSpec site) => site;

    private Topology Build()
    {
        Topology topology = Topology.WithEchoServers(3);
        try
        {
            Prepare(topology);
            Lbd.Start(topology, Configure(Route.FullSite(topology, "tcp", "udp")));
            return topology;
        }
        catch
        {
            topology.Dispose();
            throw;
        }
    }
}
