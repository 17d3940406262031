using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;

namespace Lb.Actors.Tests.Kernel;

/// <summary>When a flow of full-nat is over, so that its port is free again.</summary>
public sealed class FullNatExpiryTests
{
    private const uint Service = 0;
    private static readonly Endpoint s_vip = new(IPAddress.Parse("203.0.113.10"), 80, TransportProtocol.Tcp);
    private static readonly Endpoint s_alive = new(IPAddress.Parse("10.0.2.11"), 8080, TransportProtocol.Tcp);
    private static readonly Endpoint s_dead = new(IPAddress.Parse("10.0.2.12"), 8080, TransportProtocol.Tcp);
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(15);

    [Theory]
    [InlineData(TransportProtocol.Tcp, false, FullNatState.Open, 899, 900)]
    [InlineData(TransportProtocol.Tcp, true, FullNatState.Open, 63, 64)]
    [InlineData(TransportProtocol.Tcp, false, FullNatState.Closed, 69, 70)]
    [InlineData(TransportProtocol.Tcp, true, FullNatState.Closed, 69, 70)]
    [InlineData(TransportProtocol.Tcp, false, FullNatState.Reset, 9, 10)]
    [InlineData(TransportProtocol.Udp, false, FullNatState.Open, 29, 30)]
    [InlineData(TransportProtocol.Udp, true, FullNatState.Open, 29, 30)]
    public void Flow_is_over_after_its_time(
        TransportProtocol protocol, bool isNew, FullNatState state, int lives, int over)
    {
        FullNatExpiry expiry = Expiry();
        FullNatFlow flow = new(Service, IndexOf(s_alive), protocol, isNew, state, TimeSpan.FromSeconds(lives));

        Assert.False(expiry.IsOver(flow));
        Assert.True(expiry.IsOver(flow with { Idle = TimeSpan.FromSeconds(over) }));
    }

    [Fact]
    public void Flow_of_what_is_gone_is_over_at_once()
    {
        FullNatExpiry expiry = Expiry();
        FullNatFlow flow = new(
            Service, IndexOf(s_alive), TransportProtocol.Tcp, false, FullNatState.Open, TimeSpan.Zero);

        Assert.False(expiry.IsOver(flow));
        Assert.True(expiry.IsOver(flow with { Backend = IndexOf(s_dead) }));
        Assert.True(expiry.IsOver(flow with { Backend = 77 }));
        Assert.True(expiry.IsOver(flow with { Service = 5 }));
    }

    [Fact]
    public void Short_flow_memory_ends_other_times_too()
    {
        FullNatExpiry expiry = new(Ledger(), Times(TimeSpan.FromSeconds(3)), TimeSpan.FromSeconds(70));
        FullNatFlow closed = new(
            Service, IndexOf(s_alive), TransportProtocol.Tcp, false, FullNatState.Closed, TimeSpan.FromSeconds(3));

        Assert.True(expiry.IsOver(closed));
        Assert.False(expiry.IsOver(closed with { Idle = TimeSpan.FromSeconds(2) }));
    }

    [Fact]
    public void Use_is_told_in_the_names_of_services_and_backends()
    {
        KernelLedger ledger = Ledger();
        FullNatSource[] sources =
        [
            new(IPAddress.Parse("192.0.2.9"), 1000, 1009), new(IPAddress.Parse("192.0.2.8"), 1000, 1009),
            new(IPAddress.Parse("2001:db8::9"), 1000, 1009),
        ];

        var use = FullNatUse.Of(
            new FullNatSweep(17, 1, 0, new Dictionary<uint, int> { [IndexOf(s_alive)] = 16 }), ledger, sources);

        Assert.Equal([new FullNatPorts(s_vip, s_alive, 16, 20), new FullNatPorts(s_vip, s_dead, 0, 20)], use.Backends.AsEnumerable());
        Assert.True(use.Backends[0].IsLow);
        Assert.False(use.Backends[1].IsLow);
    }

    private static FullNatExpiry Expiry() => new(Ledger(), Times(s_memory), TimeSpan.FromSeconds(70));

    private static FullNatTimes Times(TimeSpan memory) =>
        new(ImmutableDictionary<Endpoint, TimeSpan>.Empty.Add(s_vip, memory), TimeSpan.FromSeconds(30));

    private static uint IndexOf(Endpoint backend) => Ledger().Backends.InUse[new BackendKey(s_vip, backend)];

    private static KernelLedger Ledger()
    {
        KernelLedger empty = new(new(0, 8), new(0, 8), new(1, 8), ImmutableDictionary<Endpoint, LedgerService>.Empty);
        DesiredService desired = new(
            s_vip,
            ForwardingMode.FullNat,
            Tracking.Full,
            7,
            1,
            [new(1, s_alive, Alive: true, Leftover: false), new(2, s_dead, Alive: false, Leftover: false)],
            [new Slot(1)]);
        Assert.Null(empty.Accept(desired, 0, out KernelLedger ledger));
        return ledger;
    }
}
