using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>Lengths of parts of QUIC connection IDs, in bytes.</summary>
[BtfType("lb_quic_limit", Prefix = "LB_QUIC_")]
internal enum QuicLimit
{
    ServerIdMost = 15,
    NonceLeast = 4,
}

/// <summary>What connection IDs of a service are like.</summary>
[BtfType("lb_quic")]
[StructLayout(LayoutKind.Sequential)]
internal struct QuicValue
{
    public byte Config;
    public byte Length;
    public ushort Pad;

    public static QuicValue From(QuicRouting routing) =>
        new() { Config = (byte)routing.ConfigId, Length = (byte)routing.ServerIdLength };

    public readonly QuicRouting ToRouting() => new(Config, Length);
}

/// <summary>The bytes of a server ID, and zeros behind them.</summary>
[InlineArray((int)QuicLimit.ServerIdMost)]
internal struct ServerIdBytes
{
    private byte _first;
}

/// <summary>A server ID of a service.</summary>
[BtfType("lb_server_id")]
[StructLayout(LayoutKind.Sequential)]
internal struct ServerIdValue
{
    public uint Service;
    public byte Config;
    public byte Length;
    public ServerIdBytes Id;
    public Padding3 Pad;

    public static ServerIdValue From(ServerIdKey key)
    {
        ServerIdValue value = new() { Service = key.Service, Config = (byte)key.ConfigId, Length = (byte)key.Id.Length };
        key.Id.CopyTo(value.Id);
        return value;
    }

    /// <summary>What it stands for; null when no packet can find it.</summary>
    public readonly ServerIdKey? ToKey()
    {
        ReadOnlySpan<byte> bytes = Id;
        return Length is > 0 and <= (byte)QuicLimit.ServerIdMost && !bytes[Length..].ContainsAnyExcept((byte)0)
            ? new ServerIdKey(Service, Config, new ServerId(bytes[..Length]))
            : null;
    }
}
