using System.Net.NetworkInformation;

namespace Lb.Datapath.Tests.Packets;

/// <summary>A link-layer address that compares by value.</summary>
internal readonly record struct Mac(ulong Value)
{
    public const int Length = 6;

    public static Mac Of(PhysicalAddress address)
    {
        ulong value = 0;
        foreach (byte b in address.GetAddressBytes())
        {
            value = (value << 8) | b;
        }

        return new Mac(value);
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        for (int i = 0; i < Length; i++)
        {
            bytes[i] = (byte)(Value >> (8 * (Length - 1 - i)));
        }

        return bytes;
    }

    public PhysicalAddress ToPhysicalAddress() => new(ToBytes());
}
