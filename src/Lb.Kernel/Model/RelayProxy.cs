using System.Collections.Immutable;
using System.Net;

namespace Lb.Kernel;

/// <summary>Which headers of the PROXY protocol are taken from clients.</summary>
public enum ProxyAccept : byte
{
    /// <summary>None: connections begin with the client's own bytes.</summary>
    Off,

    /// <summary>Version 1, a line of text.</summary>
    V1,

    /// <summary>Version 2, binary.</summary>
    V2,

    /// <summary>Either version.</summary>
    Any,
}

/// <summary>Which header of the PROXY protocol backends are sent.</summary>
public enum ProxySend : byte
{
    /// <summary>None.</summary>
    Off,

    /// <summary>Version 1, a line of text.</summary>
    V1,

    /// <summary>Version 2, binary.</summary>
    V2,
}

/// <summary>What a header of version 2 tells besides addresses.</summary>
[Flags]
public enum ProxyTlvs
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Protocol that is spoken: the one that was received, or that of the ClientHello.</summary>
    Alpn = 1,

    /// <summary>Name that the client asks for: the one that was received, or that of the ClientHello.</summary>
    Authority = 2,

    /// <summary>A number of the connection: the one that was received, or a new one.</summary>
    UniqueId = 4,

    /// <summary>Checksum of the header.</summary>
    Crc32C = 8,

    /// <summary>What was received of the client's TLS.</summary>
    Ssl = 16,

    /// <summary>All else that was received.</summary>
    Other = 32,
}

/// <summary>A service's use of the PROXY protocol.</summary>
/// <param name="Accept">What is taken from sources that are trusted.</param>
/// <param name="Trusted">Who is believed; all others are clients without a header.</param>
/// <param name="Send">What backends are sent.</param>
/// <param name="Tlvs">What a header of version 2 tells them.</param>
public sealed record RelayProxy(
    ProxyAccept Accept, ImmutableArray<IPNetwork> Trusted, ProxySend Send, ProxyTlvs Tlvs)
{
    /// <summary>No header in either direction.</summary>
    public static RelayProxy Off { get; } = new(ProxyAccept.Off, [], ProxySend.Off, ProxyTlvs.None);

    /// <summary>What is in the list counts.</summary>
    public bool Equals(RelayProxy? other) => other is not null
        && Accept == other.Accept
        && Send == other.Send
        && Tlvs == other.Tlvs
        && Trusted.AsSpan().SequenceEqual(other.Trusted.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Accept, Send, Tlvs, Trusted.Length);
}
