using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>Which packets <c>lb_spread</c> hands to another CPU, and to which.</summary>
[Collection(SpreadTestbed.Name)]
public sealed class SpreadTests(SpreadTestbed bed) : DatapathTest(bed)
{
    private const int Queue = 256;

    private readonly SpreadTestbed _bed = bed;

    [RootTheory, MemberData(nameof(Ways))]
    public void Packets_of_a_service_go_to_the_cpu_of_their_flow_as_they_are(Delivery way, TransportProtocol protocol)
    {
        Scene scene = Of(way, protocol);
        Assert.True(IsHandedOver(scene, scene.Packet()));
        Assert.True(protocol == TransportProtocol.Udp || IsHandedOver(scene, scene.Syn()));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Replies_of_nat_are_handed_over_and_those_to_the_node_are_not(Delivery way)
    {
        Scene scene = Tcp(way).Replying();
        Assert.True(IsHandedOver(scene, scene.Reply(2)));
        scene.World.Direct.Add(new IPNetwork(way.Client().Address, way.HasV6Vip() ? 128 : 32));
        Assert.False(IsHandedOver(scene, scene.Reply(2)));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Replies_from_a_range_of_ports_are_handed_over_and_others_are_not(Delivery way)
    {
        Scene scene = Tcp(way);
        var source = new Endpoint(way.Backend(2).Address, 5000, TransportProtocol.Tcp) { LastPort = 5999 };
        scene.World.Nat[source] = new NatEntry(way.Vip().Address, 0, Scene.ServiceId, 2);
        Assert.True(IsHandedOver(scene, scene.Reply(2).ComingFrom(new IPEndPoint(source.Address, 5123))));
        Assert.False(IsHandedOver(scene, scene.Reply(2).ComingFrom(new IPEndPoint(source.Address, 6000))));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Replies_that_a_relay_may_own_stay(Delivery way)
    {
        Assert.False(IsHandedOver(Tcp(way).Replying(NatFlags.Sockets), Tcp(way).Reply(2)));
        Assert.False(IsHandedOver(Tcp(way).Replying(NatFlags.RelaysOnly), Tcp(way).Reply(2)));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Packets_and_replies_of_full_nat_are_handed_over(Delivery way)
    {
        var source = new IPEndPoint(IPAddress.Parse(way.HasV6Vip() ? "2001:db8:1::50" : "10.1.0.50"), 2000);
        Scene scene = Tcp(way, Tracking.Full)
            .With(service => service with { Mode = ForwardingMode.FullNat, Relay = RelayFlags.FullNat });
        scene.World.Sources.Add(new FullNatSource(source.Address, 2000, 2000));
        Assert.False(IsHandedOver(scene, scene.Reply(1, source)));
        Assert.True(IsHandedOver(scene, scene.Packet()));

        // Its entries are there when the packet was handled, wherever that was.
        _bed.Run(() => Assert.NotEqual(XdpAction.Drop, _bed.Kernel.Run(scene.Packet().ToBytes(), scene.World.Ingress).Action));
        Assert.True(IsHandedOver(scene, scene.Reply(1, source), apply: false));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void What_the_host_gets_stays(Delivery way)
    {
        Scene scene = Tcp(way);
        Assert.False(IsHandedOver(scene, scene.Packet().Towards(way.Client())));
        Scene relayed = Tcp(way).With(service => service with { Mode = ForwardingMode.Tproxy });
        Assert.False(IsHandedOver(relayed, relayed.Packet()));
        Scene moving = Tcp(way).With(service => service with { Relay = RelayFlags.Older });
        Assert.False(IsHandedOver(moving, moving.Packet()));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Fragments_and_pings_stay(Delivery way)
    {
        Scene scene = Udp(way);
        Assert.False(IsHandedOver(scene, FragmentTests.First(scene.Packet())));
        Assert.False(IsHandedOver(scene, FragmentTests.Later(scene.Packet(), 64)));
        Assert.False(IsHandedOver(scene, EchoTests.Ping(way)));
    }

    [RootTheory, MemberData(nameof(NatDeliveries))]
    public void Packets_of_this_cpus_flows_stay_and_are_counted(Delivery way) => _bed.Run(() =>
    {
        Scene scene = Tcp(way);
        _bed.Kernel.Apply(scene.World);
        SpreadPrograms spread = _bed.Kernel.Spread!;
        int here = Cpu.Here;
        spread.Write([here], Queue);
        try
        {
            long before = Of(spread, here).Own;
            TestRun run = _bed.Kernel.Run(scene.Packet().ToBytes(), scene.World.Ingress);
            Assert.Equal(scene.Delivered(scene.Packet(), 1).ToBytes(), run.Packet);
            Assert.Equal(before + 1, Of(spread, here).Own);
        }
        finally
        {
            spread.Write([], Queue);
        }
    });

    [RootFact]
    public void Flows_are_shared_out_evenly_and_each_to_one_cpu() => WithOthers(others =>
    {
        const int Flows = 400;
        Scene scene = Tcp(Delivery.Nat4);
        _bed.Kernel.Apply(scene.World);
        SpreadPrograms spread = _bed.Kernel.Spread!;
        int[] cpus = [.. others.Append(Cpu.Here).Order()];
        spread.Write(cpus, Queue);
        Dictionary<int, long> before = cpus.ToDictionary(cpu => cpu, cpu => Total(Of(spread, cpu)));
        for (int i = 0; i < Flows; i++)
        {
            byte[] frame = scene.Packet()
                .ComingFrom(new IPEndPoint(Delivery.Nat4.Client().Address, 1024 + i)).ToBytes();
            Assert.Equal(
                _bed.Kernel.Run(frame, scene.World.Ingress).Action, _bed.Kernel.Run(frame, scene.World.Ingress).Action);
        }

        long fair = 2 * Flows / cpus.Length;
        Assert.All(cpus, cpu => Assert.InRange(Total(Of(spread, cpu)) - before[cpu], fair / 2, fair * 3 / 2));
    });

    /// <summary>Whether a packet goes to another CPU when all flows are that one's; if so it is as it was.</summary>
    private bool IsHandedOver(Scene scene, Packet packet, bool apply = true)
    {
        bool isHandedOver = false;
        WithOthers(others =>
        {
            if (apply)
            {
                _bed.Kernel.Apply(scene.World);
            }

            SpreadPrograms spread = _bed.Kernel.Spread!;
            spread.Write([others[0]], Queue);
            long before = Of(spread, others[0]).Given;
            byte[] frame = packet.ToBytes();
            TestRun run = _bed.Kernel.Run(frame, scene.World.Ingress);
            isHandedOver = Of(spread, others[0]).Given > before;
            if (isHandedOver)
            {
                Assert.Equal(XdpAction.Redirect, run.Action);
                Assert.Equal(frame, run.Packet);
            }
        });
        return isHandedOver;
    }

    /// <summary>With the CPUs that the testbed's thread is not on.</summary>
    private void WithOthers(Action<int[]> act) => _bed.Run(() =>
    {
        int[] others = [.. HostCpus.Read().Online.Where(cpu => cpu != Cpu.Here)];
        Assert.True(others.Length > 0, "packets are handed to other CPUs where there are some: this machine has one");
        try
        {
            act(others);
        }
        finally
        {
            _bed.Kernel.Spread!.Write([], Queue);
        }
    });

    private static CpuUse Of(SpreadPrograms spread, int cpu) =>
        spread.Read().SingleOrDefault(use => use.Cpu == cpu) ?? new CpuUse(cpu, false, 0, 0, 0);

    private static long Total(CpuUse use) => use.Own + use.Given;
}
