using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Scenarios;
using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Tc;

/// <summary>Every kind of service at traffic control; clients and backends leave checksums to their network cards.</summary>
public sealed class TcBed : ForwardingBed
{
    private protected override void Prepare(Topology topology) => topology.OffloadSenders();

    private protected override SiteSpec Configure(SiteSpec site) => site.AtTc();
}

internal static class TcSites
{
    /// <summary>The same with every service at traffic control.</summary>
    public static SiteSpec AtTc(this SiteSpec site) => site.At("tc");

    /// <summary>The same with every service at a hook.</summary>
    public static SiteSpec At(this SiteSpec site, string hook) =>
        site.ChangeAll(service => service with { Keys = $"datapath = {hook}" });

    /// <summary>Filters for what comes in, as <c>tc</c> shows them.</summary>
    public static string Filters(this Topology topology, string device) =>
        topology.Lb.Run("tc", "filter", "show", "dev", device, "ingress");
}
