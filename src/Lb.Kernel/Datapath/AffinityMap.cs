using System.Net;
using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>What tells clients apart of services with affinity, and how long they keep their backend, by service id.</summary>
internal sealed class AffinityMap(ArrayMap<AffinityValue> map, ArrayMap<uint> sticky) : IDisposable
{
    private const int Bits = 8 * Address16.Size;

    /// <summary>
    /// Sets the bits of a source's address that count, and the ticks that a client keeps its backend for; a packet sees it
    /// once the service's entry asks for it.
    /// </summary>
    public void Write(uint service, int prefix, uint ticks)
    {
        map[service] = new AffinityValue { Mask = Address16.From(MaskOf(prefix)) };
        sticky[service] = ticks;
    }

    /// <summary>The bits that count.</summary>
    public int Read(uint service)
    {
        UInt128 mask = 0;
        foreach (byte part in map[service].Mask.ToIPAddress(AddressFamily.InterNetworkV6).GetAddressBytes())
        {
            mask = (mask << 8) | part;
        }

        return (int)UInt128.PopCount(mask);
    }

    /// <summary>The entry with what its value alone does not say.</summary>
    public ServiceEntry Complete(ServiceEntry entry, ServiceValue value) => value.HasAffinity
        ? entry with { AffinityPrefix = Read(entry.Id), AffinityTicks = value.IsSticky ? sticky[entry.Id] : 0 }
        : entry;

    public void Dispose()
    {
        map.Dispose();
        sticky.Dispose();
    }

    /// <summary>So many bits from the front on.</summary>
    internal static IPAddress MaskOf(int prefix)
    {
        byte[] mask = new byte[Address16.Size];
        UInt128 bits = prefix == 0 ? 0 : UInt128.MaxValue << (Bits - prefix);
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = (byte)(bits >> (Bits - 8 - (8 * i)));
        }

        return new IPAddress(mask);
    }
}
