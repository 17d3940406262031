using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>The flow hash by its specification in docs/datapath.md, with arithmetic that cannot wrap by accident.</summary>
internal static class FlowHashModel
{
    private static readonly BigInteger Factor = BigInteger.Parse("11400714819323198485");
    private static readonly BigInteger Modulus = BigInteger.One << 64;

    /// <summary>The hash of a flow of a service: with affinity of its client's network, with ports 0.</summary>
    public static uint Of(Flow flow, ServiceEntry service)
    {
        if (service.AffinityPrefix is not { } prefix)
        {
            return Of(flow, service.Seed);
        }

        return Of(flow with { Source = Masked(flow.Source, prefix), SourcePort = 0, VipPort = 0 }, service.Seed);
    }

    /// <summary>An address without the bits behind a prefix.</summary>
    public static IPAddress Masked(IPAddress address, int prefix)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }

    public static uint Of(Flow flow, uint seed)
    {
        byte[] addresses = [.. flow.Source.GetAddressBytes(), .. flow.Vip.GetAddressBytes()];
        ulong hash = 0;
        for (int i = 0; i < addresses.Length; i += 8)
        {
            hash = Absorb(hash, BinaryPrimitives.ReadUInt64LittleEndian(addresses.AsSpan(i)));
        }

        ulong source = BinaryPrimitives.ReverseEndianness(flow.SourcePort);
        ulong destination = BinaryPrimitives.ReverseEndianness(flow.VipPort);
        ulong high = seed ^ (uint)flow.Protocol;
        return (uint)(Absorb(hash, source | (destination << 16) | (high << 32)) >> 32);
    }

    public static ulong Absorb(ulong hash, ulong word)
    {
        ulong product = (ulong)((hash ^ word) * Factor % Modulus);
        return product ^ (product >> 32);
    }
}
