using System.Net;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

[Collection(KernelCollection.Name)]
public sealed class ServiceTests : LoadedDatapathFixture
{
    private static readonly Endpoint SameAddress = Samples.Vip4 with { Port = 443 };

    [RootFact]
    public void Services_of_both_families_are_read_as_written()
    {
        Datapath.WriteService(Samples.Vip4, Samples.Service);
        Datapath.WriteService(Samples.Vip6, Samples.Service with { Id = 8, Table = 4 });

        Assert.Equal(
            new Dictionary<Endpoint, ServiceEntry>
            {
                [Samples.Vip4] = Samples.Service,
                [Samples.Vip6] = Samples.Service with { Id = 8, Table = 4 },
            },
            Datapath.ReadServices());
    }

    [RootFact]
    public void Service_written_again_replaces_the_first()
    {
        Datapath.WriteService(Samples.Vip4, Samples.Service);
        Datapath.WriteService(Samples.Vip4, Samples.Service with { Tracking = Tracking.None });

        Assert.Equal(Tracking.None, Assert.Single(Datapath.ReadServices()).Value.Tracking);
    }

    [RootFact]
    public void Address_stays_a_vip_until_its_last_service_is_deleted()
    {
        Datapath.WriteService(Samples.Vip4, Samples.Service);
        Datapath.WriteService(SameAddress, Samples.Service with { Id = 8 });

        Datapath.DeleteService(Samples.Vip4);
        Assert.Equal(XdpAction.Transmit, Ping(Samples.Vip4.Address));

        Datapath.DeleteService(SameAddress);
        Assert.Equal(XdpAction.Pass, Ping(Samples.Vip4.Address));
        Assert.Empty(Datapath.ReadServices());
    }

    [RootFact]
    public void Service_beyond_the_limit_is_refused_with_the_mend_and_leaves_no_trace()
    {
        Endpoint[] vips = [.. Enumerable.Range(1, (2 * Datapath.ServiceLimit) + 1)
            .Select(i => new Endpoint(IPAddress.Parse($"198.51.100.{i}"), 80, TransportProtocol.Tcp))];
        KernelException? refused = null;
        int written = 0;
        while (refused is null)
        {
            Endpoint vip = vips[written];
            refused = Record.Exception(() => Datapath.WriteService(vip, Samples.Service)) as KernelException;
            written += refused is null ? 1 : 0;
        }

        Assert.Equal("E2BIG", refused.ErrnoName);
        Assert.Contains("lb_vips4", refused.Message, StringComparison.Ordinal);
        Assert.Contains("lb.kernel", refused.Mend, StringComparison.Ordinal);
        Assert.Equal(Datapath.ServiceLimit, written);
        Assert.Equal(XdpAction.Pass, Ping(vips[written].Address));
    }

    private XdpAction Ping(IPAddress address)
    {
        byte[] frame = Frames.TcpSyn(new Flow(
            IPAddress.Parse("203.0.113.1"), 0, address, 0, TransportProtocol.Tcp));
        frame[23] = 1; // ICMP
        frame[34] = 8; // echo request
        return Datapath.Program.Run(frame).Action;
    }
}
