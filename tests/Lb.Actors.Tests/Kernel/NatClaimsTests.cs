using System.Net;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>Whose replies of nat backends are, where services have ranges of ports.</summary>
public class NatClaimsTests
{
    private static readonly Endpoint s_range = Configs.Vip with { Port = 5000, LastPort = 5999 };
    private static readonly Endpoint s_inside = Configs.Vip with { Port = 5500, LastPort = 5599 };
    private static readonly Endpoint s_elsewhere = s_range with { Address = IPAddress.Parse("192.0.2.11") };

    [Fact]
    public void A_range_has_the_ports_of_its_service_at_each_backend()
    {
        KernelState image = Image(Service(s_range, Kept(1), Kept(2)));
        Assert.Equal(
            [Kept(1) with { Port = 5000, LastPort = 5999 }, Kept(2) with { Port = 5000, LastPort = 5999 }],
            image.Nat.Keys.OrderBy(source => source.ToString()));
        Assert.All(image.Nat.Values, entry => Assert.Equal((Configs.Vip.Address, (ushort)0), (entry.Vip, entry.Port)));
        Assert.Equal(image.Nat.Keys.ToHashSet(), image.NatRanges);
    }

    [Fact]
    public void Services_of_one_address_that_keep_their_ports_share_backends()
    {
        Assert.Null(NatClaims.Clash(Service(s_inside, Kept(1)), [Service(s_range, Kept(1))]));
        Endpoint single = Configs.Vip with { Port = 5555 };
        Assert.Null(NatClaims.Clash(Service(single, Kept(1) with { Port = 5555 }), [Service(s_range, Kept(1))]));
        KernelState image = Image(
            Service(s_range, Kept(1)), Service(s_inside, Kept(1)), Service(single, Kept(1) with { Port = 5555 }));
        Assert.Equal(3, image.Nat.Count);
        Assert.All(image.Backends.Values, backend => Assert.True(backend.Alive));
    }

    [Fact]
    public void Ports_of_one_backend_in_services_of_two_addresses_are_refused_with_both()
    {
        string? clash = NatClaims.Clash(Service(s_elsewhere with { Port = 5900, LastPort = 6000 }, Kept(1)), [Service(s_range, Kept(1))]);
        Assert.Contains("10.0.2.1:5900-6000 shares ports with tcp 10.0.2.1:5000-5999 of tcp 192.0.2.10:5000-5999", clash);
        Assert.NotNull(NatClaims.Clash(Service(s_elsewhere with { Port = 80, LastPort = 0 }, Kept(1) with { Port = 5999 }), [Service(s_range, Kept(1))]));
        Assert.NotNull(NatClaims.Clash(Service(s_range, Kept(1)), [Service(s_elsewhere with { Port = 80, LastPort = 0 }, Kept(1) with { Port = 5999 })]));
        Assert.Null(NatClaims.Clash(Service(s_elsewhere with { Port = 6000, LastPort = 6001 }, Kept(1)), [Service(s_range, Kept(1))]));
        Assert.Null(NatClaims.Clash(Service(s_elsewhere, Kept(2)), [Service(s_range, Kept(1))]));
        Endpoint udp = s_elsewhere with { Protocol = TransportProtocol.Udp };
        Assert.Null(NatClaims.Clash(Service(udp, Kept(1) with { Protocol = TransportProtocol.Udp }), [Service(s_range, Kept(1))]));
    }

    [Fact]
    public void A_single_port_of_the_address_that_is_another_at_the_backend_is_refused()
    {
        DesiredService translated = Service(Configs.Vip, Kept(1) with { Port = 5555 });
        Assert.Contains("5555 shares ports with", NatClaims.Clash(translated, [Service(s_range, Kept(1))]));
    }

    [Fact]
    public void A_leftover_gives_its_ports_up_and_its_backend_gets_nothing_more()
    {
        DesiredService old = Service(s_range, Kept(1)) with
        {
            Backends = [new DesiredBackend(1, Kept(1), Alive: true, Leftover: true), new DesiredBackend(2, Kept(2), true, false)],
        };
        DesiredService next = Service(s_elsewhere with { Port = 5900, LastPort = 6000 }, Kept(1));
        Assert.Null(NatClaims.Clash(next, [old]));
        KernelState image = Image(old, next);
        Assert.Equal(
            ["tcp 10.0.2.1:5900-6000", "tcp 10.0.2.2:5000-5999"], image.Nat.Keys.Select(source => source.ToString()).Order());
        Assert.False(image.Backends.Values.Single(backend => backend is { Service: 0, Address: var at } && at.Equals(Kept(1).Address)).Alive);
    }

    [Fact]
    public void Port_of_a_relay_is_left_out_of_a_range()
    {
        DesiredService relay = Service(Configs.Vip with { Port = 5555 }, Kept(1) with { Port = 5555 }) with { Mode = ForwardingMode.Tproxy };
        KernelState image = Image(Service(s_range, Kept(1)), relay);
        Assert.Equal(NatFlags.Sockets | NatFlags.RelaysOnly, image.Nat[Kept(1) with { Port = 5555 }].Flags);

        DesiredService other = relay with { Vip = s_elsewhere with { Port = 80, LastPort = 0 } };
        NatEntry shared = Image(Service(s_range, Kept(1)), other).Nat[Kept(1) with { Port = 5555 }];
        Assert.Equal((NatFlags.Sockets, Configs.Vip.Address, (ushort)0), (shared.Flags, shared.Vip, shared.Port));
    }

    [Fact]
    public void Backend_with_a_port_of_its_own_has_no_replies_in_a_range()
    {
        DesiredService moved = Service(s_range, Configs.Socket(1)) with { Mode = ForwardingMode.FullNat, Older = ForwardingMode.Nat };
        KernelState image = Image(moved);
        Assert.Empty(image.Nat);
        Assert.True(Assert.Single(image.Backends.Values).Alive);
    }

    [Fact]
    public void Replies_are_found_before_a_service_sends_and_until_it_sends_no_more()
    {
        KernelState none = Image();
        KernelState some = Image(Service(s_range, Kept(1)));
        string[] coming = [.. KernelDiff.Between(none, some).Select(w => w.GetType().Name)];
        Assert.True(Array.IndexOf(coming, "WriteNat") < Array.IndexOf(coming, "WriteNatRanges"), string.Join(' ', coming));
        Assert.True(Array.IndexOf(coming, "WriteNatRanges") < Array.IndexOf(coming, "WriteService"), string.Join(' ', coming));
        string[] going = [.. KernelDiff.Between(some, none).Select(w => w.GetType().Name)];
        Assert.True(Array.IndexOf(going, "DeleteService") < Array.IndexOf(going, "WriteNatRanges"), string.Join(' ', going));
        Assert.True(Array.IndexOf(going, "WriteNatRanges") < Array.IndexOf(going, "DeleteNat"), string.Join(' ', going));
    }

    [Fact]
    public void A_service_whose_replies_cannot_be_written_is_not_written_and_the_next_try_is_whole()
    {
        FakeDatapath datapath = new();
        KernelState desired = Image(Service(s_range, Kept(1)), Service(Configs.Vip, Configs.Socket(2)));
        datapath.Fail(call => call == "WriteNatRanges" ? new KernelException(call, 28, "ENOSPC") : null);
        IReadOnlyList<KernelFailure> failures = KernelWriter.Write(datapath, KernelDiff.Between(Read(datapath), desired));
        Assert.IsType<KernelOperation.WriteNatRanges>(failures[0].Operation);
        Assert.Equal([Configs.Vip], datapath.ReadServices().Keys);
        datapath.Fail(null);
        Assert.Empty(KernelWriter.Write(datapath, KernelDiff.Between(Read(datapath), desired)));
        Assert.Empty(KernelDiff.Between(Read(datapath), desired));
    }

    [Fact]
    public void Replies_that_are_not_found_are_drift()
    {
        KernelState wanted = Image(Service(s_range, Kept(1)));
        Assert.Contains("replies do not find", Assert.Single(KernelDrift.Between(wanted with { NatRanges = new HashSet<Endpoint>() }, wanted)));
    }

    private static Endpoint Kept(int number) => Configs.Socket(number) with { Port = 0 };

    private static KernelState Read(FakeDatapath datapath) =>
        KernelState.Read(datapath, Enumerable.Range(0, 64).Select(index => (uint)index));

    private static DesiredService Service(Endpoint vip, params Endpoint[] sockets) => new(
        vip,
        ForwardingMode.Nat,
        Tracking.Minimal,
        Seed: 7,
        Revision: 1,
        [.. sockets.Select((socket, i) => new DesiredBackend((uint)i + 1, socket, Alive: true, Leftover: false))],
        [new Slot(1)]);

    private static KernelState Image(params DesiredService[] services)
    {
        KernelState empty = new(
            new Dictionary<Endpoint, ServiceEntry>(),
            new Dictionary<uint, BackendEntry>(),
            new Dictionary<uint, Slot[]>(),
            new Dictionary<Endpoint, NatEntry>(),
            new HashSet<IPNetwork>());
        KernelLedger ledger = KernelLedger.Adopt(empty, 64, 1024, now: 0);
        foreach (DesiredService service in services)
        {
            Assert.Null(ledger.Accept(service, now: 0, out ledger));
        }

        KernelAnswers answers = new(_ => FakeNeighbours.Hop(2), new FakeDatapath().ChooseInterception, AllByTc: false);
        return KernelImage.Of(ledger, new HashSet<IPNetwork>(), empty, answers);
    }
}
