using System.Net;
using System.Net.NetworkInformation;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

/// <summary>Differences in words: one for each thing that differs, none where nothing does.</summary>
public class KernelDriftTests
{
    private static readonly Endpoint Vip = Configs.Vip;
    private static readonly Endpoint Backend = Configs.Socket(1);
    private static readonly BackendEntry Entry =
        new(0, Backend.Address, Backend.Port, Alive: true, FakeNeighbours.Hop(2));

    private static readonly KernelState Wanted = new(
        new Dictionary<Endpoint, ServiceEntry> { [Vip] = new(0, 1, 3, 7, ForwardingMode.Nat, Tracking.Minimal) },
        new Dictionary<uint, BackendEntry> { [1] = Entry },
        new Dictionary<uint, Slot[]> { [1] = [new Slot(1), new Slot(1), new Slot(1)] },
        new Dictionary<Endpoint, NatEntry> { [Backend] = new(Vip.Address, Vip.Port, 0, 1) },
        new HashSet<IPNetwork> { new(IPAddress.Parse("10.0.0.0"), 8) })
    {
        ServerIds = new Dictionary<ServerIdKey, uint> { [Id(1)] = 1 },
    };

    private static ServerIdKey Id(byte number) => new(0, 3, new ServerId([0x0a, number]));

    [Fact]
    public void Equal_states_have_no_difference() => Assert.Empty(KernelDrift.Between(Wanted with { }, Wanted));

    [Fact]
    public void Every_field_that_differs_is_named()
    {
        One($"service {Vip} is gone", Wanted with { Services = new Dictionary<Endpoint, ServiceEntry>(), Vips = Wanted.Vips });
        One("differs: seed is 8 in place of 7", Wanted with { Services = Services(s => s with { Seed = 8 }) });
        One("tracking is Full in place of Minimal", Wanted with { Services = Services(s => s with { Tracking = Tracking.Full }) });
        One("flows in the log is Full in place of Off", Wanted with { Services = Services(s => s with { Logging = FlowLogging.Full }) });
        One("is marked as a VIP and is none", Wanted with { Vips = Wanted.Vips.Append(Configs.Address(9)).ToHashSet() });
        One("the mark of 192.0.2.10 as a VIP is gone", Wanted with { Vips = new HashSet<IPAddress>() });
        One("backend 1 (10.0.2.1:8080) is gone", Wanted with { Backends = new Dictionary<uint, BackendEntry>() });
        One("life is dead in place of alive", Wanted with { Backends = Backends(Entry with { Alive = false }) });
        One("largest MSS is 1400 in place of 0", Wanted with { Backends = Backends(Entry with { Mss = 1400 }) });
        One("UDP port of the tunnel is 6080 in place of 0", Wanted with { Backends = Backends(Entry with { TunnelPort = 6080 }) });
        One(
            "020000000099",
            Wanted with { Backends = Backends(Entry with { NextHop = Entry.NextHop! with { Destination = PhysicalAddress.Parse("02-00-00-00-00-99") } }) });
        One("backend 5 is not ours", Wanted with { Backends = new Dictionary<uint, BackendEntry>(Wanted.Backends) { [5] = Entry } });
        One("differs in 1 of 3 slots, as in slot 2: backend 9 in place of backend 1 (10.0.2.1:8080)", Table([new Slot(1), new Slot(1), new Slot(9)]));
        One("moved from 1 (10.0.2.1:8080), window over", Table([new Slot(1), new Slot(1, 1, windowOver: true), new Slot(1)]));
        One("has 2 slots in place of 3", Table([new Slot(1), new Slot(1)]));
        One("is gone", Wanted with { Tables = new Dictionary<uint, Slot[]>() });
        One($"reply side of backend {Backend} is gone", Wanted with { Nat = new Dictionary<Endpoint, NatEntry>() });
        One("makes it 192.0.2.10 port 81", Wanted with { Nat = new Dictionary<Endpoint, NatEntry> { [Backend] = new(Vip.Address, 81, 0, 1) } });
        One("length of server IDs is 2 in place of 0", Wanted with { Services = Services(s => s with { Quic = new QuicRouting(-1, 2) }) });
        One(
            "server ID 0a01 of service 0 names backend 7 in place of 1 (10.0.2.1:8080)",
            Wanted with { ServerIds = new Dictionary<ServerIdKey, uint> { [Id(1)] = 7 } });
        One("names backend none in place of 1", Wanted with { ServerIds = new Dictionary<ServerIdKey, uint>() });
        One("server ID 0a02 of service 0 is not ours", Wanted with { ServerIds = new Dictionary<ServerIdKey, uint> { [Id(1)] = 1, [Id(2)] = 1 } });
        One("direct prefix 10.0.0.0/8 is gone", Wanted with { Direct = new HashSet<IPNetwork>() });
        One("direct prefix 10.9.0.0/16 is not ours", Wanted with { Direct = Wanted.Direct.Append(new IPNetwork(IPAddress.Parse("10.9.0.0"), 16)).ToHashSet() });
    }

    [Fact]
    public void A_mark_that_is_wrong_is_written_or_removed()
    {
        Assert.Equal(
            $"mark {Vip.Address} as a VIP",
            $"{Assert.Single(KernelDiff.Between(Wanted with { Vips = new HashSet<IPAddress>() }, Wanted))}");
        Assert.Equal(
            "remove the mark of 10.0.2.9 as a VIP",
            $"{Assert.Single(KernelDiff.Between(Wanted with { Vips = Wanted.Vips.Append(Configs.Address(9)).ToHashSet() }, Wanted))}");
        // A service that is written brings its mark along.
        Assert.DoesNotContain(
            KernelDiff.Between(Wanted with { Services = new Dictionary<Endpoint, ServiceEntry>(), Vips = new HashSet<IPAddress>() }, Wanted),
            operation => operation is KernelOperation.WriteVip);
    }

    private static void One(string words, KernelState read) =>
        Assert.Contains(words, Assert.Single(KernelDrift.Between(read, Wanted)), StringComparison.Ordinal);

    private static Dictionary<Endpoint, ServiceEntry> Services(Func<ServiceEntry, ServiceEntry> change) =>
        new() { [Vip] = change(Wanted.Services[Vip]) };

    private static Dictionary<uint, BackendEntry> Backends(BackendEntry entry) => new() { [1] = entry };

    private static KernelState Table(Slot[] slots) =>
        Wanted with { Tables = new Dictionary<uint, Slot[]> { [1] = slots } };
}
