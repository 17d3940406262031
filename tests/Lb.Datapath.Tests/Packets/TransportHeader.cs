using System.Buffers.Binary;

namespace Lb.Datapath.Tests.Packets;

/// <summary>A header above IP. What is null is filled in correctly.</summary>
internal abstract record TransportHeader
{
    public ushort? HeaderChecksum { get; init; }

    public abstract byte Protocol { get; }

    /// <summary>Where the checksum stands in the header; negative without one.</summary>
    protected abstract int ChecksumOffset { get; }

    /// <summary>Whether the checksum covers a pseudo header.</summary>
    protected virtual bool HasPseudoHeader => true;

    /// <summary>A checksum of zero would mean that there is none (UDP).</summary>
    protected virtual bool ZeroMeansNone => false;

    protected abstract byte[] Header(int payloadLength);

    /// <summary>The header followed by its payload, the checksum filled in.</summary>
    public byte[] Serialize(IpHeader ip, byte[] payload)
    {
        byte[] bytes = [.. Header(payload.Length), .. payload];
        if (ChecksumOffset >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(ChecksumOffset), HeaderChecksum ?? Compute(ip, bytes));
        }

        Finish(bytes);
        return bytes;
    }

    /// <summary>Fills in a checksum of another kind.</summary>
    protected virtual void Finish(byte[] bytes)
    {
    }

    private ushort Compute(IpHeader ip, byte[] bytes)
    {
        ulong sum = Checksum.Sum(bytes);
        if (HasPseudoHeader)
        {
            byte[] source = ip.Source.GetAddressBytes();
            sum += Checksum.Pseudo(source, ip.Destination.GetAddressBytes(), Protocol, bytes.Length);
        }

        ushort checksum = Checksum.Finish(sum);
        return checksum == 0 && ZeroMeansNone ? (ushort)0xffff : checksum;
    }
}
