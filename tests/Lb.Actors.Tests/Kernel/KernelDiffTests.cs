using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Lb.Kernel;
using Lb.Testing;

namespace Lb.Actors.Tests;

public class KernelDiffTests
{
    private static readonly Gen<KernelState> States =
        from services in Gen.Choose(0, 5).ListOf()
        from modes in Gen.Choose(0, 1).ArrayOf(6)
        from sizes in Gen.Elements(0, 3, 5).ArrayOf(6)
        from alive in Gen.Choose(0, 1).ArrayOf(24)
        from seed in Gen.Choose(0, 3)
        from direct in Gen.Choose(0, 3).ListOf()
        select State([.. services.Distinct()], modes, sizes, alive, seed, [.. direct.Distinct()]);

    [Fact]
    public void The_difference_turns_any_state_into_any_other_without_an_unsafe_step() => Properties.Hold(
        from one in States
        from other in States
        select (one, other),
        300,
        pair =>
        {
            FakeDatapath datapath = new();
            Apply(datapath, pair.one);
            Assert.Empty(KernelDiff.Between(Read(datapath), pair.one));
            Apply(datapath, pair.other);
            Assert.Empty(KernelDiff.Between(Read(datapath), pair.other));
            Assert.Empty(KernelDiff.Between(pair.other, Read(datapath)));
        });

    [Fact]
    public void Equal_states_need_no_write()
    {
        KernelState state = State([1, 2], new int[6], [3, 3, 3, 3, 3, 3], new int[24], 0, [1]);
        Assert.Empty(KernelDiff.Between(state, state));
    }

    [Fact]
    public void A_slot_that_becomes_clean_is_written_in_place()
    {
        KernelState moved = WithTable([.. Enumerable.Repeat(new Slot(5, 6), 100)]);
        Slot[] after = [.. moved.Tables[1]];
        after[7] = new Slot(5);
        KernelOperation.WriteSlots write =
            Assert.IsType<KernelOperation.WriteSlots>(KernelDiff.Between(moved, WithTable(after)).Single());
        Assert.Equal([KeyValuePair.Create(7, new Slot(5))], write.Slots);
    }

    [Fact]
    public void A_server_id_is_taken_away_before_its_index_becomes_another_backend_and_given_after_that()
    {
        ServerIdKey id = new(0, 3, new ServerId([0x0a, 1]));
        KernelState before = WithTable([new Slot(5)]) with { ServerIds = new Dictionary<ServerIdKey, uint> { [id] = 6 } };
        KernelState after = before with
        {
            Backends = new Dictionary<uint, BackendEntry>(before.Backends) { [6] = before.Backends[6] with { Address = Configs.Address(9) } },
        };
        Assert.Equal(
            [
                "delete server ID 0a01 of service 0", "reset the counters of backend 6", "write backend 6 (10.0.2.9 port 80)",
                "write server ID 0a01 of service 0",
            ],
            KernelDiff.Between(before, after).Select(operation => $"{operation}"));
        Assert.Equal(
            ["write server ID 0a01 of service 0"],
            KernelDiff.Between(before, before with { ServerIds = new Dictionary<ServerIdKey, uint> { [id] = 5 } }).Select(operation => $"{operation}"));
    }

    [Fact]
    public void A_new_assignment_is_swapped_in_whole()
    {
        KernelState before = WithTable([.. Enumerable.Repeat(new Slot(5), 100)]);
        Slot[] after = [.. before.Tables[1]];
        after[7] = new Slot(6, 5);
        Assert.IsType<KernelOperation.SwapTable>(KernelDiff.Between(before, WithTable(after)).Single());
    }

    [Fact]
    public void An_index_that_is_given_out_anew_counts_from_zero()
    {
        KernelState before = WithTable([new Slot(5)]);
        Dictionary<uint, BackendEntry> backends = new(before.Backends)
        {
            [6] = before.Backends[6] with { Port = 81 },
        };
        string[] writes = [.. KernelDiff.Between(before, before with { Backends = backends }).Select(w => w.GetType().Name)];
        Assert.Equal(["ResetBackend", "WriteBackend"], writes);
    }

    [Fact]
    public void A_backend_that_only_dies_keeps_its_counters()
    {
        KernelState before = WithTable([new Slot(5)]);
        Dictionary<uint, BackendEntry> backends = new(before.Backends)
        {
            [6] = before.Backends[6] with { Alive = false },
        };
        string[] writes = [.. KernelDiff.Between(before, before with { Backends = backends }).Select(w => w.GetType().Name)];
        Assert.Equal(["WriteBackend"], writes);
    }

    [Fact]
    public void A_failed_write_holds_back_its_own_service_and_removals_only()
    {
        FakeDatapath datapath = new();
        Apply(datapath, State([3], new int[6], [3, 3, 3, 3, 3, 3], new int[24], 0, []));
        KernelState desired = State([1, 2], [1, 1, 1, 1, 1, 1], [3, 3, 3, 3, 3, 3], new int[24], 0, []);
        int swaps = 0;
        datapath.Fail(call => call == "SwapTable" && swaps++ == 0 ? new KernelException(call, 12, "ENOMEM") : null);
        KernelFailure failure = Assert.Single(
            KernelWriter.Write(datapath, KernelDiff.Between(Read(datapath), desired)));
        Assert.IsType<KernelOperation.SwapTable>(failure.Operation);
        Assert.Single(datapath.ReadServices());
        datapath.Fail(null);
        Apply(datapath, desired);
        Assert.Empty(KernelDiff.Between(Read(datapath), desired));
    }

    [Fact]
    public void A_range_that_changes_is_found_as_it_was_until_it_is_found_as_it_is_to_be()
    {
        KernelState before = State([4], new int[6], [3, 3, 3, 3, 3, 3], new int[24], 0, []);
        Endpoint narrower = Vip(4, seed: 0) with { LastPort = 85 };
        KernelState after = before with
        {
            Services = new Dictionary<Endpoint, ServiceEntry> { [narrower] = before.Services.Values.Single() },
            Ranges = new HashSet<Endpoint> { narrower },
        };
        string[] writes = [.. KernelDiff.Between(before, after).Select(w => w.GetType().Name)];
        Assert.Equal(["WriteService", "WriteRanges", "DeleteService"], writes);
    }

    [Fact]
    public void Ranges_are_not_to_be_found_before_all_of_them_are_written()
    {
        FakeDatapath datapath = new();
        Apply(datapath, State([4], new int[6], [3, 3, 3, 3, 3, 3], new int[24], 1, []));
        IReadOnlySet<Endpoint> found = datapath.ReadRanges();
        KernelState desired = State([4, 5], new int[6], [3, 3, 3, 3, 3, 3], new int[24], 0, []);
        int written = 0;
        datapath.Fail(call => call == "WriteService" && written++ == 0 ? new KernelException(call, 12, "ENOMEM") : null);
        Assert.Equal(
            ["WriteService", "WriteRanges"],
            KernelWriter.Write(datapath, KernelDiff.Between(Read(datapath), desired)).Select(f => f.Operation.GetType().Name));
        Assert.Equal(found, datapath.ReadRanges());
        datapath.Fail(null);
        Apply(datapath, desired);
        Assert.Equal(2, datapath.ReadRanges().Count);
    }

    private static void Apply(FakeDatapath datapath, KernelState desired) =>
        Assert.Empty(KernelWriter.Write(datapath, KernelDiff.Between(Read(datapath), desired)));

    private static KernelState Read(FakeDatapath datapath) =>
        KernelState.Read(datapath, Enumerable.Range(0, 64).Select(index => (uint)index));

    private static KernelState WithTable(Slot[] slots) => new(
        new Dictionary<Endpoint, ServiceEntry>
        {
            [Configs.Vip] = new(0, 1, (uint)slots.Length, 0, ForwardingMode.DsrIpip, Tracking.Minimal),
        },
        new Dictionary<uint, BackendEntry>
        {
            [5] = new(0, Configs.Address(5), 80, true, null),
            [6] = new(0, Configs.Address(6), 80, true, null),
        },
        new Dictionary<uint, Slot[]> { [1] = slots },
        new Dictionary<Endpoint, NatEntry>(),
        new HashSet<IPNetwork>());

    /// <summary>The last two services have a range of ports, another one with another seed.</summary>
    private static Endpoint Vip(int number, int seed) => new(Configs.Address(1000 + number), 80, TransportProtocol.Tcp)
    {
        LastPort = (ushort)(number < 4 ? 0 : 90 + seed),
    };

    /// <summary>Services by number, each with four backends and a table that names them all.</summary>
    private static KernelState State(int[] services, int[] modes, int[] sizes, int[] alive, int seed, int[] direct)
    {
        Dictionary<Endpoint, ServiceEntry> entries = [];
        Dictionary<uint, BackendEntry> backends = [];
        Dictionary<uint, Slot[]> tables = [];
        Dictionary<Endpoint, NatEntry> nat = [];
        foreach (int number in services)
        {
            Endpoint vip = Vip(number, seed);
            int size = sizes[number];
            uint table = (uint)number + 10;
            ForwardingMode mode = modes[number] == 0 ? ForwardingMode.Nat : ForwardingMode.DsrIpip;
            entries.Add(vip, new ServiceEntry((uint)number, table, (uint)size, (uint)seed, mode, Tracking.Minimal));
            for (int i = 0; i < 4; i++)
            {
                uint index = (uint)((number * 4) + i + 1);
                Endpoint socket = Configs.Socket((int)index);
                backends.Add(index, new BackendEntry(
                    (uint)number, socket.Address, socket.Port, alive[(number * 4) + i] != 0, FakeNeighbours.Hop(2)));
                if (mode == ForwardingMode.Nat)
                {
                    nat.Add(socket, new NatEntry(vip.Address, vip.Port, (uint)number, index));
                }
            }

            if (size > 0)
            {
                tables.Add(table, [.. Enumerable.Range(0, size).Select(i =>
                    new Slot((uint)((number * 4) + 1 + ((i + seed) % 4)), (uint)(alive[i] * ((number * 4) + 1))))]);
            }
        }

        return new KernelState(
            entries, backends, tables, nat, direct.Select(i => new IPNetwork(Configs.Address(i), 32)).ToHashSet())
        {
            // One is at another backend with every seed, another at one that lives.
            ServerIds = services.SelectMany(number => (KeyValuePair<ServerIdKey, uint>[])
            [
                new(new ServerIdKey((uint)number, 0, new ServerId([1])), (uint)((number * 4) + 1 + seed)),
                new(new ServerIdKey((uint)number, 0, new ServerId([2])), (uint)((number * 4) + 1 + alive[number])),
                new(new ServerIdKey((uint)number, alive[number], new ServerId([3, 4])), (uint)((number * 4) + 1)),
            ]).ToDictionary(),
        };
    }
}
