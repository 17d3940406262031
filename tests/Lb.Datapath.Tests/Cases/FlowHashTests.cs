using System.Net;
using Lb.Datapath.Tests.Lab;
using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Testing;
using Xunit;

namespace Lb.Datapath.Tests.Cases;

/// <summary>The flow hash: one definition for the program and for user space, and an even spread.</summary>
public sealed class FlowHashTests(Testbed bed) : DatapathTest(bed)
{
    private const int Flows = 200_000;
    private const uint Buckets = 1021;
    private readonly Testbed _bed = bed;

    [Fact]
    public void Flow_hash_of_user_space_follows_its_specification()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            Flow flow = RandomFlow(random, v6: i % 2 == 0);
            uint seed = (uint)random.NextInt64(1L << 32);
            Assert.Equal(FlowHashModel.Of(flow, seed), FlowHash.Of(flow, seed));
        }
    }

    [RootTheory, MemberData(nameof(Families))]
    public void Program_and_user_space_find_the_same_slot(Delivery way)
    {
        const uint slots = 65_537;
        Scene scene = Tcp(way, Tracking.Full);
        scene.World.Tables[Scene.TableIndex] = [.. Enumerable.Repeat(new Slot(1), (int)slots)];
        scene.With(service => service with { Slots = slots });
        _bed.Run(() =>
        {
            _bed.Kernel.Apply(scene.World);
            for (int port = 1; port <= 1500; port++)
            {
                byte[] frame = scene.Packet().ComingFrom(new(way.Client().Address, port * 43)).ToBytes();
                _bed.Kernel.Run(frame, scene.World.Ingress);
            }

            Dictionary<Flow, FlowState> tracked = _bed.Kernel.Flows.ReadFlows();
            Assert.Equal(1500, tracked.Count);
            Assert.All(tracked, entry => Assert.Equal(FlowHash.Slot(entry.Key, Scene.Seed, slots), entry.Value.Slot));
        });
    }

    [Theory]
    [InlineData("ports of one client")]
    [InlineData("clients of one network")]
    [InlineData("clients with a few ports each")]
    [InlineData("every 256th address")]
    [InlineData("IPv6 clients of one network")]
    [InlineData("IPv6 networks, one client each")]
    [InlineData("VIPs of one client")]
    public void Sequential_flows_fill_the_slots_as_evenly_as_chance(string pattern)
    {
        int[] counts = new int[Buckets];
        int flows = 0;
        foreach (Flow flow in Pattern(pattern))
        {
            counts[FlowHash.Slot(flow, Scene.Seed, Buckets)]++;
            flows++;
        }

        double expected = flows / (double)Buckets;
        double perDegree = counts.Sum(c => (c - expected) * (c - expected) / expected) / (Buckets - 1);
        Assert.True(perDegree < 1.2, $"chi-square per degree of freedom is {perDegree:0.00} for {pattern}");
    }

    [Fact]
    public void Another_seed_puts_flows_elsewhere()
    {
        var random = new Random(2);
        int same = Enumerable.Range(0, Flows)
            .Select(_ => RandomFlow(random, v6: false))
            .Count(flow => FlowHash.Slot(flow, 1, Buckets) == FlowHash.Slot(flow, 2, Buckets));
        Assert.True(same < 1.5 * Flows / Buckets, $"{same} of {Flows} flows have the same slot under both seeds");
    }

    private static IEnumerable<Flow> Pattern(string name) => name switch
    {
        "ports of one client" => Numbers(60_000).Select(n => V4(0x0a00_0001, 1024 + n)),
        "clients of one network" => Numbers(Flows).Select(n => V4(0x0a00_0000 + n, 40_000)),
        "clients with a few ports each" => Numbers(Flows).Select(n => V4(0x0a00_0000 + (n / 8), 32_768 + (n % 8))),
        "every 256th address" => Numbers(Flows).Select(n => V4(0x0a00_0001 + (n * 256), 40_000)),
        "IPv6 clients of one network" => Numbers(Flows).Select(n => V6(0x2001_0db8, n)),
        "IPv6 networks, one client each" => Numbers(Flows).Select(n => V6(0x2001_0db8 + ((long)n << 32), 1)),
        "VIPs of one client" => Numbers(Flows).Select(n => V4(0x0a00_0001, 40_000) with { Vip = Address(0xc000_0200 + n) }),
        _ => throw new ArgumentException($"no pattern {name}", nameof(name)),
    };

    private static IEnumerable<int> Numbers(int count) => Enumerable.Range(0, count);

    private static IPAddress Address(long value) =>
        new([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private static Flow V4(long client, int port) =>
        new(Address(client), (ushort)port, Packets.Roles.Vip4.Address, 80, TransportProtocol.Tcp);

    private static Flow V6(long network, long client)
    {
        byte[] address = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(address, (uint)network);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(address.AsSpan(4), (uint)(network >> 32));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(address.AsSpan(8), client);
        return new(new IPAddress(address), 40_000, Packets.Roles.Vip6.Address, 80, TransportProtocol.Tcp);
    }

    private static Flow RandomFlow(Random random, bool v6)
    {
        byte[] addresses = new byte[v6 ? 32 : 8];
        random.NextBytes(addresses);
        return new Flow(
            new IPAddress(addresses.AsSpan(0, addresses.Length / 2)),
            (ushort)random.Next(0x10000),
            new IPAddress(addresses.AsSpan(addresses.Length / 2)),
            (ushort)random.Next(0x10000),
            ((TransportProtocol[])[TransportProtocol.Tcp, TransportProtocol.Udp, TransportProtocol.Sctp])[random.Next(3)]);
    }
}
