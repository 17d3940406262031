using System.Net;
using Lb.Kernel.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel.Tests.Announce;

/// <summary>VIPs on an interface of a real kernel, and what neighbours make of it.</summary>
[Collection(KernelCollection.Name)]
public sealed class VipAddressesTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly TestNamespace _node = TestNamespace.Create("lb-vipn-");
    private readonly TestNamespace _peer = TestNamespace.Create("lb-vipp-");
    private readonly VipAddresses _addresses;

    public VipAddressesTests()
    {
        TestNamespace.Connect(_node, "eth0", _peer, "eth0");
        _node.Ip("addr add 10.9.0.1/24 dev eth0");
        _node.Ip("addr add fd09::1/64 dev eth0 nodad");
        _peer.Ip("addr add 10.9.0.2/24 dev eth0");
        _peer.Ip("addr add fd09::2/64 dev eth0 nodad");
        _addresses = _node.Invoke(() => new VipAddresses());
    }

    /// <summary>Addresses of both families.</summary>
    public static TheoryData<string> Vips => ["10.9.0.100", "fd09::100"];

    private VipInterface Eth0 => _addresses.Read().Interfaces["eth0"];

    public void Dispose()
    {
        _addresses.Dispose();
        _node.Dispose();
        _peer.Dispose();
    }

    [RootTheory]
    [MemberData(nameof(Vips))]
    public void Held_address_is_in_use_at_once_and_known_as_held(string text)
    {
        IPAddress vip = IPAddress.Parse(text);
        Assert.False(Find(vip) is not null, "it is there before it was put there");

        _addresses.Hold(Eth0.Index, vip, Long);

        Assert.True(Find(vip)?.IsHeld);
        Assert.Equal(vip.GetAddressBytes().Length * 8, Find(vip)!.Network.PrefixLength);
        string shown = _node.Ip("-o addr show dev eth0");
        Assert.DoesNotContain("tentative", shown.Split('\n').Single(line => line.Contains(text, StringComparison.Ordinal)));
        _peer.Run("ping", "-c", "1", "-W", "2", text);

        _addresses.Release(Eth0.Index, vip);
        Assert.Null(Find(vip));
        _addresses.Release(Eth0.Index, vip);
    }

    [RootTheory]
    [MemberData(nameof(Vips))]
    public void Address_that_is_not_renewed_ends_by_itself_and_one_that_is_stays(string text)
    {
        IPAddress vip = IPAddress.Parse(text);
        IPAddress renewed = IPAddress.Parse($"{text[..^1]}7");
        _addresses.Hold(Eth0.Index, vip, Shortest);
        _addresses.Hold(Eth0.Index, renewed, Shortest);
        _addresses.Hold(Eth0.Index, renewed, Long);

        Wait.Until(() => Find(vip) is null, "the kernel takes it away");

        Assert.True(Find(renewed)?.IsHeld);
    }

    [RootTheory]
    [MemberData(nameof(Vips))]
    public void Announcement_leads_neighbours_here_at_once(string text)
    {
        IPAddress vip = IPAddress.Parse(text);
        _peer.Ip($"neigh replace {text} lladdr 02:00:00:00:00:99 dev eth0 nud reachable");

        VipInterface eth0 = Eth0;
        _node.Invoke(() => _addresses.Announce(eth0, vip));

        Wait.Until(
            () => _peer.Ip($"neigh show {text}").Contains(_node.Mac("eth0"), StringComparison.Ordinal),
            "the neighbour knows the new place");
    }

    [RootTheory]
    [MemberData(nameof(Vips))]
    public void Held_address_is_no_source_of_the_host_s_own_connections(string text)
    {
        bool six = text.Contains(':', StringComparison.Ordinal);
        _addresses.Hold(Eth0.Index, IPAddress.Parse(text), Long);

        string route = _node.Ip($"route get {(six ? "fd09::101" : "10.9.0.101")}");

        Assert.Contains(six ? "src fd09::1 " : "src 10.9.0.1 ", route, StringComparison.Ordinal);
    }

    [RootFact]
    public void Address_of_the_host_is_not_known_as_held_whether_it_has_an_end_or_not()
    {
        _node.Ip("addr add 10.9.0.50/24 dev eth0 valid_lft 100 preferred_lft 100");
        _node.Ip("addr add 10.9.0.51/32 dev eth0");

        Assert.False(Find(IPAddress.Parse("10.9.0.50"))!.IsHeld);
        Assert.False(Find(IPAddress.Parse("10.9.0.51"))!.IsHeld);
        Assert.Equal(0, _node.Invoke(() => VipAddresses.Cleanup(
            new HashSet<IPAddress>([IPAddress.Parse("10.9.0.50"), IPAddress.Parse("10.9.0.51")]))));
    }

    [RootTheory]
    [MemberData(nameof(Vips))]
    public void Cleanup_takes_what_was_left_of_these_and_no_other(string text)
    {
        IPAddress vip = IPAddress.Parse(text);
        IPAddress other = IPAddress.Parse("10.9.0.77");
        _addresses.Hold(Eth0.Index, vip, Long);
        _addresses.Hold(Eth0.Index, other, Long);

        Assert.Equal(1, _node.Invoke(() => VipAddresses.Cleanup(new HashSet<IPAddress>([vip]))));

        Assert.Null(Find(vip));
        Assert.NotNull(Find(other));
    }

    [RootFact]
    public void Renewal_is_no_change_of_next_hops()
    {
        IPAddress vip = IPAddress.Parse("10.9.0.100");
        int changes = 0;
        using Neighbours neighbours = _node.Invoke(() => new Neighbours(NullLogger.Instance));
        neighbours.Changed += () => Interlocked.Increment(ref changes);
        _addresses.Hold(Eth0.Index, vip, Long);
        Wait.Until(() => Volatile.Read(ref changes) > 0, "a new address is a change");
        int before = Volatile.Read(ref changes);

        for (int i = 0; i < 5; i++)
        {
            _addresses.Hold(Eth0.Index, vip, Long);
        }

        // The monitor reads in order: once it has told of the next change it has read the renewals.
        _node.Ip("addr add 10.9.0.60/24 dev eth0");
        Wait.Until(() => Volatile.Read(ref changes) > before, "another new address is a change");
        Assert.InRange(Volatile.Read(ref changes), before + 1, before + 2);
    }

    private VipAddress? Find(IPAddress vip) =>
        _addresses.Read().Addresses.FirstOrDefault(address => address.Address.Equals(vip));
}
