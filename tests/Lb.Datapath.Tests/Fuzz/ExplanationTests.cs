using System.Net;
using System.Net.Sockets;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>
/// What the flow rule says from what it reads of the kernel, against what the program then does with a packet: for every
/// single one of them.
/// </summary>
[Collection(Testbed.Name)]
public sealed class ExplanationTests(Testbed bed, ITestOutputHelper output)
{
    private const int Flows = 10_000;
    private const int PerWorld = 2_500;

    /// <summary>Some random worlds have little of something: more are made until there is enough of everything.</summary>
    private const int MostWorlds = 64;

    private const int Enough = 100;

    private static readonly string[] s_ways =
    [
        "Tcp InterNetwork", "Tcp InterNetworkV6", "Udp InterNetwork", "Udp InterNetworkV6", "Sctp InterNetwork", "Sctp InterNetworkV6",
    ];

    private const int Batch = 100;

    private readonly Dictionary<string, int> _seen = [];

    [RootFact]
    public void Every_one_of_10000_random_flows_goes_where_it_was_said()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        bed.Run(() => Explain(new Random(seed), seed));
        output.WriteLine(string.Join(", ", _seen.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}")));

        Assert.InRange(_seen["flows"], Flows, MostWorlds * PerWorld);
        foreach (FlowReason reason in Enum.GetValues<FlowReason>())
        {
            Assert.True(_seen.GetValueOrDefault($"{reason}") > 20, $"too few packets went by {reason}");
        }

        foreach (string way in s_ways)
        {
            Assert.True(_seen[$"moved {way}"] > Enough, $"too few flows of {way} on moved slots");
            Assert.True(_seen[$"clean {way}"] > Enough, $"too few flows of {way} on clean slots");
            Assert.True(_seen[$"tracked {way}"] > Enough, $"too few tracked flows of {way}");
        }
    }

    private void Explain(Random random, int seed)
    {
        HashSet<Flow> flows = [];
        while (flows.Count < Flows || (!SawEnough() && flows.Count < MostWorlds * PerWorld))
        {
            var universe = new Universe(random, bed);
            var evolution = new Evolution(universe);
            List<Flow> known = [];
            for (int end = flows.Count + PerWorld; flows.Count < end;)
            {
                evolution.Step();
                bed.Kernel.Apply(universe.World);
                for (int i = 0; i < Batch && flows.Count < end; i++)
                {
                    Flow flow = known.Count > 0 && universe.Once(2) ? universe.Pick(known) : RandomFlow(universe);
                    if (flows.Add(flow))
                    {
                        known.Add(flow);
                    }

                    Check(universe, flow, $"seed {seed}, after {flows.Count} flows");
                }

                Adopt(universe.World.Flows, bed.Kernel.Flows.ReadFlows());
                Adopt(universe.World.Pending, bed.Kernel.Flows.ReadPending());
                Adopt(universe.World.Full, bed.Kernel.Full.ReadFull());
                Adopt(universe.World.FullNew, bed.Kernel.Full.ReadNew());
                Adopt(universe.World.Clients, bed.Kernel.Clients.Read());
            }
        }

        _seen["flows"] = flows.Count;
    }

    private bool SawEnough() => s_ways.All(way => _seen.GetValueOrDefault($"tracked {way}") > Enough)
        && Enum.GetValues<FlowReason>().All(reason => _seen.GetValueOrDefault($"{reason}") > 20);

    private void Check(Universe universe, Flow flow, string where)
    {
        IReadOnlyList<FlowPacket> kinds = FlowRule.PacketsOf(flow.Protocol);
        FlowPacket kind = universe.Pick(kinds);
        FlowTrace trace = bed.Kernel.Datapath.TraceFlow(flow);
        FlowChoice choice = FlowRule.Choose(trace, kind);
        bool canRemember = universe.World.Budget != 0;

        IReadOnlyDictionary<Verdict, Counter> before = bed.Kernel.Datapath.ReadVerdicts();
        TestRun run = bed.Kernel.Run(PacketOf(flow, kind).ToBytes(), universe.World.Ingress);
        Verdict? verdict = Changed(before, bed.Kernel.Datapath.ReadVerdicts());
        FlowTrace after = bed.Kernel.Datapath.TraceFlow(flow);

        string what = $"{where}: {kind} of {flow} by {trace} said {choice}, saw {run.Action} {verdict}";
        FlowChoice expected = canRemember ? choice : choice.Unremembered ?? choice;
        if (expected.Reason == FlowReason.Relayed)
        {
            Assert.True(run.Action == XdpAction.Pass && verdict is null && Entries(after) == Entries(trace), what);
            Note(flow, trace, choice);
            return;
        }

        if (verdict == Verdict.DropNoPort && choice is { Verdict: Verdict.Forward, Remembers: true } && IsFullNat(trace, kind))
        {
            // Which ports are free is not in what was read.
            Assert.True(run.Action == XdpAction.Drop && after.Full is null && Entries(after) == Entries(trace), what);
            Count("without a port");
            return;
        }

        bool sent = run.Action is XdpAction.Transmit or XdpAction.Redirect && verdict != Verdict.TcpReset;
        Assert.True(sent == (expected.Verdict == Verdict.Forward), what);
        if (sent)
        {
            byte[] mac = Roles.BackendMac(expected.Backend).ToBytes();
            Assert.True(run.Packet.AsSpan(0, Packets.Mac.Length).SequenceEqual(mac), what);
        }
        else
        {
            Assert.True(verdict == expected.Verdict, what);
        }

        if (IsFullNat(trace, kind))
        {
            bool known = choice.Reason is FlowReason.Established or FlowReason.Pending or FlowReason.DeadBackend;
            Assert.True((after.Full is not null) == (known || sent) && Entries(after) == Entries(trace), $"{what}, then {after}");
            Note(flow, trace, choice);
            return;
        }

        bool made = Entries(after) > Entries(trace);
        Assert.True(made == (choice.Remembers && canRemember && !IsOverwritten(trace, kind)), $"{what}, then {after}");
        Note(flow, trace, choice);
    }

    private static int Entries(FlowTrace trace) => (trace.Established is null ? 0 : 1) + (trace.Pending is null ? 0 : 1);

    /// <summary>An entry of full-nat needs no budget.</summary>
    private static bool IsFullNat(FlowTrace trace, FlowPacket kind) =>
        trace.Service is { Mode: ForwardingMode.FullNat } service
        && (kind != FlowPacket.Segment || service.Relay == RelayFlags.FullNat);

    /// <summary>An entry that is no longer good gives way to the new one.</summary>
    private static bool IsOverwritten(FlowTrace trace, FlowPacket kind) =>
        (kind == FlowPacket.Syn ? trace.Pending : trace.Established) is not null;

    private static Verdict? Changed(
        IReadOnlyDictionary<Verdict, Counter> before, IReadOnlyDictionary<Verdict, Counter> after)
    {
        foreach ((Verdict verdict, Counter counter) in after)
        {
            if (counter != before[verdict])
            {
                return verdict;
            }
        }

        return null;
    }

    private void Note(Flow flow, FlowTrace trace, FlowChoice choice)
    {
        string way = $"{flow.Protocol} {flow.Vip.AddressFamily}";
        Count($"{choice.Reason}");
        Count($"{(trace.Slot is { IsClean: false } ? "moved" : "clean")} {way}");
        Count($"{(trace.Established is null && trace.Pending is null ? "untracked" : "tracked")} {way}");
    }

    private void Count(string what) => _seen[what] = _seen.GetValueOrDefault(what) + 1;

    private static void Adopt<TKey, TState>(Dictionary<TKey, TState> world, IReadOnlyDictionary<TKey, TState> kernel)
        where TKey : notnull
    {
        world.Clear();
        foreach ((TKey key, TState state) in kernel)
        {
            world.Add(key, state);
        }
    }

    /// <summary>From any client, mostly to a service.</summary>
    private static Flow RandomFlow(Universe universe)
    {
        Random random = universe.Random;
        Endpoint[] services = [.. universe.World.Services.Keys];
        Endpoint vip = services.Length > 0 && !universe.Once(30)
            ? universe.Pick(services)
            : new Endpoint(universe.Pick(Universe.Vips), 81, TransportProtocol.Tcp);
        bool v4 = vip.Address.AddressFamily == AddressFamily.InterNetwork;
        byte[] client = v4 ? [198, 51, 100, 0] : IPAddress.Parse("2001:db8:c::").GetAddressBytes();
        client[^1] = (byte)random.Next(1, 255);
        IPEndPoint to = universe.Near(vip);
        return new Flow(
            new IPAddress(client), (ushort)random.Next(1024, 65536), to.Address, (ushort)to.Port, vip.Protocol);
    }

    private static Packet PacketOf(Flow flow, FlowPacket kind)
    {
        IPEndPoint from = new(flow.Source, flow.SourcePort);
        IPEndPoint to = new(flow.Vip, flow.VipPort);
        return kind switch
        {
            FlowPacket.Syn when flow.Protocol == TransportProtocol.Sctp => Packet.Sctp(from, to, SctpChunk.Init),
            FlowPacket.Syn => Packet.Syn(from, to),
            _ => Packet.Of(flow.Protocol, from, to),
        };
    }
}
