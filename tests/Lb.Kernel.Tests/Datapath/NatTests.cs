using System.Net;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Datapath;

[Collection(KernelCollection.Name)]
public sealed class NatTests : LoadedDatapathFixture
{
    private static readonly Endpoint Backend = new(IPAddress.Parse("10.0.2.11"), 8080, TransportProtocol.Tcp);
    private static readonly NatEntry Entry = new(Samples.Vip4.Address, Samples.Vip4.Port, Service: 7, Backend: 1);

    [RootFact]
    public void Reply_side_is_read_as_written()
    {
        var backend6 = new Endpoint(IPAddress.Parse("2001:db8:2::11"), 53, TransportProtocol.Udp);
        var entry6 = new NatEntry(Samples.Vip6.Address, Samples.Vip6.Port, Service: 8, Backend: 2);
        Datapath.WriteNat(Backend, Entry);
        Datapath.WriteNat(backend6, entry6);

        Assert.Equal(
            new Dictionary<Endpoint, NatEntry> { [Backend] = Entry, [backend6] = entry6 }, Datapath.ReadNat());
    }

    [RootFact]
    public void Replies_are_rewritten_only_while_there_is_a_reply_side()
    {
        byte[] reply = Frames.TcpSyn(new Flow(
            Backend.Address, Backend.Port, IPAddress.Parse("203.0.113.1"), 1024, Backend.Protocol));

        Assert.Equal(reply, Datapath.Program.Run(reply).Packet);

        Datapath.WriteNat(Backend, Entry);
        Assert.Equal(
            Samples.Vip4.Address, new IPAddress(Datapath.Program.Run(reply).Packet.AsSpan(26, 4)));

        Datapath.DeleteNat(Backend);
        Assert.Equal(reply, Datapath.Program.Run(reply).Packet);
        Assert.Empty(Datapath.ReadNat());
    }

    [RootFact]
    public void Direct_prefixes_become_exactly_those_wanted()
    {
        IPNetwork[] first = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")];
        IPNetwork[] second = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::1/128")];

        Datapath.WriteDirect(first.ToHashSet());
        Assert.Equal(first.ToHashSet(), Datapath.ReadDirect());

        Datapath.WriteDirect(second.ToHashSet());
        Assert.Equal(second.ToHashSet(), Datapath.ReadDirect());

        Datapath.WriteDirect(new HashSet<IPNetwork>());
        Assert.Empty(Datapath.ReadDirect());
    }

    [RootFact]
    public void Direct_prefixes_beyond_the_limit_are_refused_and_none_is_left()
    {
        var many = Enumerable.Range(0, TestSite.Small.Direct + 1)
            .Select(i => IPNetwork.Parse($"10.{i}.0.0/16"))
            .ToHashSet();

        KernelException refused = Assert.Throws<KernelException>(() => Datapath.WriteDirect(many));

        Assert.Contains("lb_direct4", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Datapath.ReadDirect());
    }
}
