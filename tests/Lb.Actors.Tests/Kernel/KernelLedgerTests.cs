using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

public class KernelLedgerTests
{
    private static readonly Endpoint Other = Configs.Vip with { Port = 81 };

    private static readonly KernelState Empty = new(
        new Dictionary<Endpoint, ServiceEntry>(),
        new Dictionary<uint, BackendEntry>(),
        new Dictionary<uint, Slot[]>(),
        new Dictionary<Endpoint, NatEntry>(),
        new HashSet<IPNetwork>());

    [Fact]
    public void An_adopted_ledger_asks_for_exactly_what_is_there()
    {
        KernelState held = Image(Accept(Start(), Service(Configs.Vip, 1, 2), Service(Other, 3)));
        KernelLedger adopted = KernelLedger.Adopt(held, 64, 1024, now: 0);
        Assert.Empty(KernelDiff.Between(held, Image(adopted, held)));
    }

    [Fact]
    public void A_service_keeps_its_indexes_whatever_its_owner_calls_its_backends()
    {
        KernelState held = Image(Accept(Start(), Service(Configs.Vip, 1, 2)));
        KernelLedger adopted = KernelLedger.Adopt(held, 64, 1024, now: 0);
        DesiredService renamed = Service(Configs.Vip, 1, 2) with
        {
            Backends =
            [
                new DesiredBackend(40, Configs.Socket(2), true, false),
                new DesiredBackend(30, Configs.Socket(1), true, false),
            ],
            Slots = [new Slot(30), new Slot(40), new Slot(30)],
        };
        Assert.Empty(KernelDiff.Between(held, Image(Accept(adopted, renamed), held)));
    }

    [Fact]
    public void Two_services_with_one_nat_backend_are_refused_without_a_trace()
    {
        KernelLedger before = Accept(Start(), Service(Configs.Vip, 1, 2));
        string? reason = before.Accept(Service(Other, 2), 0, out KernelLedger after);
        Assert.Contains(Configs.Socket(2).ToString(), reason);
        Assert.Same(before, after);
    }

    [Fact]
    public void Tunnels_may_share_a_backend()
    {
        DesiredService tunnel = Service(Other, 2) with { Mode = ForwardingMode.DsrIpip };
        Assert.Null(Accept(Start(), Service(Configs.Vip, 1, 2)).Accept(tunnel, 0, out _));
    }

    [Theory]
    [InlineData(ForwardingMode.DsrL2, null, false)]
    [InlineData(ForwardingMode.Tproxy, ForwardingMode.DsrL2, false)]
    [InlineData(ForwardingMode.DsrGue, null, true)]
    [InlineData(ForwardingMode.Nat, null, true)]
    public void Frames_with_the_clients_packet_in_them_do_not_go_to_a_router(
        ForwardingMode mode, ForwardingMode? older, bool reached)
    {
        KernelLedger ledger = Accept(Start(), Service(Configs.Vip, 1) with { Mode = mode, Older = older });
        KernelState image = KernelImage.Of(
            ledger,
            new HashSet<IPNetwork>(),
            Image(ledger),
            new KernelAnswers(_ => FakeNeighbours.Hop(2) with { IsGateway = true }, new FakeDatapath().ChooseInterception, AllByTc: false));
        Assert.Equal(reached ? FakeNeighbours.Hop(2) : null, Assert.Single(image.Backends.Values).NextHop);
    }

    [Fact]
    public void Port_of_a_tunnel_is_taken_over_from_the_kernel()
    {
        DesiredService gue = Service(Configs.Vip, 1, 2) with { Mode = ForwardingMode.DsrGue, TunnelPort = 9886 };
        KernelState held = Image(Accept(Start(), gue));
        Assert.All(held.Backends.Values, backend => Assert.Equal(9886, backend.TunnelPort));
        KernelLedger adopted = KernelLedger.Adopt(held, 64, 1024, now: 0);
        Assert.Empty(KernelDiff.Between(held, Image(adopted, held)));
    }

    [Fact]
    public void Mss_of_nat_is_taken_over_from_the_kernel_and_told_of_replies()
    {
        DesiredService nat = Service(Configs.Vip, 1, 2) with { Mss = 1400 };
        KernelState held = Image(Accept(Start(), nat));
        Assert.All(held.Backends.Values, backend => Assert.Equal(1400, backend.Mss));
        Assert.All(held.Nat.Values, entry => Assert.Equal(NatFlags.Mss, entry.Flags));
        KernelLedger adopted = KernelLedger.Adopt(held, 64, 1024, now: 0);
        Assert.Empty(KernelDiff.Between(held, Image(adopted, held)));
    }

    [Fact]
    public void Affinity_is_taken_over_from_the_kernel()
    {
        DesiredService service = Service(Configs.Vip, 1, 2) with { AffinityPrefix = 24 };
        KernelState held = Image(Accept(Start(), service));
        Assert.Equal(24, Assert.Single(held.Services.Values).AffinityPrefix);
        KernelLedger adopted = KernelLedger.Adopt(held, 64, 1024, now: 0);
        Assert.Empty(KernelDiff.Between(held, Image(adopted, held)));
    }

    [Fact]
    public void Server_ids_are_taken_over_from_the_kernel_with_the_backends_that_they_name()
    {
        DesiredService service = Quic(1, 2);
        KernelLedger ledger = Accept(Start(), service);
        KernelState held = Image(ledger);
        ImmutableDictionary<uint, uint> indexes = ledger.Services[Configs.Vip].Indexes;
        Assert.Equal(
            new Dictionary<ServerIdKey, uint> { [Id(0, 1)] = indexes[1], [Id(0, 2)] = indexes[2] }, held.ServerIds);
        KernelLedger adopted = KernelLedger.Adopt(held, 64, 1024, now: 0);
        Assert.Empty(KernelDiff.Between(held, Image(adopted, held)));
    }

    [Fact]
    public void A_leftover_keeps_its_server_id_until_a_configured_backend_has_it()
    {
        DesiredService service = Quic(1, 2);
        service = service with { Backends = [service.Backends[0], service.Backends[1] with { Leftover = true }] };
        KernelLedger ledger = Accept(Start(), service);
        Assert.Equal(ledger.Services[Configs.Vip].Indexes[2], Image(ledger).ServerIds[Id(0, 2)]);

        DesiredBackend heir = new(3, Configs.Socket(3), true, false) { ServerId = new ServerId([0x0a, 2]) };
        ledger = Accept(ledger, service with { Backends = [.. service.Backends, heir] });
        Assert.Equal(ledger.Services[Configs.Vip].Indexes[3], Image(ledger).ServerIds[Id(0, 2)]);
        Assert.Equal(2, Image(ledger).ServerIds.Count);
    }

    [Fact]
    public void A_server_id_of_another_length_names_nobody()
    {
        DesiredService service = Quic(1, 2) with { Quic = new QuicRouting(5, 3) };
        Assert.Empty(Image(Accept(Start(), service)).ServerIds);
        Assert.Empty(Image(Accept(Start(), service with { Quic = null })).ServerIds);
    }

    private static ServerIdKey Id(uint service, byte number) => new(service, 5, new ServerId([0x0a, number]));

    /// <summary>Backends with server IDs 0a01, 0a02 and so on.</summary>
    private static DesiredService Quic(params int[] backends)
    {
        DesiredService service = Service(Configs.Vip, backends);
        return service with
        {
            Quic = new QuicRouting(5, 2),
            Backends = [.. service.Backends.Select((backend, i) => backend with { ServerId = new ServerId([0x0a, (byte)backends[i]]) })],
        };
    }

    [Fact]
    public void Traffic_control_is_told_of_in_every_entry_of_a_service_and_taken_over_from_the_kernel()
    {
        KernelState held = Image(Accept(Start(), Service(Configs.Vip, 1, 2) with { ByTc = true }));
        Assert.True(Assert.Single(held.Services.Values).ByTc, "the service is left to XDP");
        Assert.All(held.Backends.Values, backend => Assert.True(backend.ByTc, "replies of full-nat are left to XDP"));
        Assert.All(held.Nat.Values, entry => Assert.Equal(NatFlags.Tc, entry.Flags));
        KernelLedger adopted = KernelLedger.Adopt(held, 64, 1024, now: 0);
        Assert.Empty(KernelDiff.Between(held, Image(adopted, held)));
    }

    [Fact]
    public void A_leftover_gives_way_to_the_service_that_has_its_address_now()
    {
        DesiredService old = Service(Configs.Vip, 1, 2);
        old = old with { Backends = [old.Backends[0], old.Backends[1] with { Leftover = true }] };
        KernelLedger ledger = Accept(Start(), old, Service(Other, 2));
        KernelState image = Image(ledger);
        Assert.Equal(Other.Port, image.Nat[Configs.Socket(2)].Port);
        Assert.False(image.Backends[ledger.Services[Configs.Vip].Indexes[2]].Alive);
        Assert.True(image.Backends[ledger.Services[Other].Indexes[1]].Alive);
    }

    [Fact]
    public void No_two_services_have_one_table_even_without_slots()
    {
        KernelLedger ledger = Accept(Start(), Service(Configs.Vip, 1) with { Slots = [] }, Service(Other, 2));
        KernelState image = Image(ledger);
        Assert.NotEqual(image.Services[Configs.Vip].Table, image.Services[Other].Table);
        Assert.Single(image.Tables);
    }

    [Fact]
    public void A_table_index_is_not_given_out_before_its_service_is_gone_from_the_kernel()
    {
        KernelLedger ledger = Accept(Start(), Service(Configs.Vip, 1));
        ledger = Accept(ledger.Retain(new HashSet<Endpoint>(), now: 0), Service(Other, 2));
        Assert.True(ledger.Tables.HasResting);
        Assert.False(ledger.FreeTables().Tables.HasResting);
    }

    [Fact]
    public void An_unresolved_neighbour_leaves_the_next_hop_as_it_is()
    {
        KernelLedger ledger = Accept(Start(), Service(Configs.Vip, 1));
        KernelState held = Image(ledger);
        KernelState image = KernelImage.Of(ledger, held.Direct, held, new KernelAnswers(_ => null, new FakeDatapath().ChooseInterception, AllByTc: false));
        Assert.Equal(FakeNeighbours.Hop(2), image.Backends.Values.Single().NextHop);
    }

    [Fact]
    public void A_backend_that_is_gone_rests_dead_until_no_flow_names_it()
    {
        long second = TimeSpan.TicksPerSecond;
        KernelLedger ledger = Accept(Start(), Service(Configs.Vip, 1, 2));
        KernelState held = Image(ledger);
        uint index = ledger.Services[Configs.Vip].Indexes[2];
        uint id = ledger.Services[Configs.Vip].Id;
        Assert.Null(ledger.Accept(Service(Configs.Vip, 1), now: 0, out ledger));
        Assert.False(Image(ledger, held).Backends[index].Alive);

        FlowRecord flow = new(Flow(1), index, id, 0, TimeSpan.Zero, false);
        ledger = FlowPurge.Plan(ledger, [flow], [], 2 * second, out ImmutableArray<Flow> stale, out _);
        Assert.Equal([flow.Flow], stale.AsEnumerable());
        Assert.True(ledger.Backends.HasResting);
        ledger = FlowPurge.Plan(ledger, [], [], 3 * second, out _, out _);
        Assert.False(ledger.Backends.HasResting);
        Assert.DoesNotContain(index, Image(ledger, held).Backends.Keys);
    }

    [Fact]
    public void A_service_that_is_gone_rests_until_no_client_keeps_a_backend_of_it()
    {
        long second = TimeSpan.TicksPerSecond;
        KernelLedger ledger = Accept(Start(), Service(Configs.Vip, 1), Service(Other, 2));
        KeptClient gone = new(ledger.Services[Configs.Vip].Id, IPAddress.Parse("198.51.100.1"), ledger.Services[Configs.Vip].Indexes[1], 0);
        KeptClient kept = new(ledger.Services[Other].Id, gone.Client, ledger.Services[Other].Indexes[1], 0);
        ledger = ledger.Retain(new HashSet<Endpoint> { Other }, now: 0);

        ledger = FlowPurge.Plan(ledger, [], [gone, kept], 2 * second, out _, out ImmutableArray<KeptClient> stale);
        Assert.Equal([gone], stale.AsEnumerable());
        Assert.True(ledger.Ids.HasResting && ledger.Backends.HasResting);
        ledger = FlowPurge.Plan(ledger, [], [kept], 3 * second, out _, out stale);
        Assert.Empty(stale);
        Assert.False(ledger.Ids.HasResting || ledger.Backends.HasResting);
    }

    [Fact]
    public void An_index_rests_long_enough_for_packets_on_their_way()
    {
        KernelLedger ledger = Accept(Start(), Service(Configs.Vip, 1));
        ledger = ledger.Retain(new HashSet<Endpoint>(), now: 0);
        Assert.True(FlowPurge.Plan(ledger, [], [], TimeSpan.TicksPerMillisecond, out _, out _).Ids.HasResting);
    }

    [Fact]
    public void A_full_kernel_refuses_with_the_key_to_raise()
    {
        KernelLedger ledger = Accept(KernelLedger.Adopt(Empty, 1, 1024, now: 0), Service(Configs.Vip, 1));
        Assert.Contains("kernel.max-services", ledger.Accept(Service(Other, 2), 0, out _));
        ledger = KernelLedger.Adopt(Empty, 64, 2, now: 0);
        Assert.Contains("kernel.max-backends", ledger.Accept(Service(Configs.Vip, 1, 2), 0, out _));
    }

    private static KernelLedger Start() => KernelLedger.Adopt(Empty, 64, 1024, now: 0);

    private static KernelLedger Accept(KernelLedger ledger, params DesiredService[] services)
    {
        foreach (DesiredService service in services)
        {
            Assert.Null(ledger.Accept(service, now: 0, out ledger));
        }

        return ledger;
    }

    private static KernelState Image(KernelLedger ledger, KernelState? held = null) =>
        KernelImage.Of(ledger, new HashSet<IPNetwork>(), held ?? Empty, new KernelAnswers(_ => FakeNeighbours.Hop(2), new FakeDatapath().ChooseInterception, AllByTc: false));

    private static Flow Flow(ushort port) =>
        new(IPAddress.Parse("198.51.100.1"), port, Configs.Vip.Address, 80, TransportProtocol.Tcp);

    private static DesiredService Service(Endpoint vip, params int[] backends) => new(
        vip,
        ForwardingMode.Nat,
        Tracking.Minimal,
        Seed: 7,
        Revision: 1,
        [.. backends.Select((number, i) => new DesiredBackend((uint)i + 1, Configs.Socket(number), true, false))],
        [.. Enumerable.Range(0, 3).Select(i => new Slot((uint)(i % backends.Length) + 1))]);
}
