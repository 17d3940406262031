using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Scenarios;
using Lb.Netns.Tests.Tc;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Sctp;

/// <summary>An SCTP service on every route that can have one.</summary>
public class SctpBed : ForwardingBed
{
    private Topology? _topology;

    internal List<SctpEchoServer> Servers { get; } = [];

    private protected override void Prepare(Topology topology)
    {
        _topology = topology;
        Servers.AddRange(topology.Backends.Select(backend => topology.Own(SctpEchoServer.Start(backend))));
    }

    private protected override SiteSpec Configure(SiteSpec site) => site with
    {
        Services = [.. Route.SctpServices(_topology!)],
    };
}

/// <summary>The same at traffic control.</summary>
public sealed class SctpAtTcBed : SctpBed
{
    private protected override SiteSpec Configure(SiteSpec site) => base.Configure(site).AtTc();
}
