using System.Collections.Immutable;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Relays;

/// <summary>What is read of a service's connections before a backend is chosen, and what that backend is sent first.</summary>
internal sealed class GreetingPlan
{
    private readonly ImmutableArray<(byte[] Bytes, int Length)> _trusted;

    private GreetingPlan(RelayProxy proxy, TlsNames? names)
    {
        Proxy = proxy;
        Names = names;
        ReadsHello = names is not null
            || (proxy.Send == ProxySend.V2 && (proxy.Tlvs & (ProxyTlvs.Alpn | ProxyTlvs.Authority)) != ProxyTlvs.None);
        _trusted = [.. proxy.Trusted.Select(prefix => (prefix.BaseAddress.GetAddressBytes(), prefix.PrefixLength))];
    }

    public RelayProxy Proxy { get; }

    public TlsNames? Names { get; }

    /// <summary>Every connection's ClientHello is read.</summary>
    public bool ReadsHello { get; }

    /// <summary>The plan of a service; null where connections go to a backend at once and as they are.</summary>
    /// <param name="settings">How it is relayed.</param>
    /// <param name="table">Its backends.</param>
    /// <param name="backend">Finds them.</param>
    public static GreetingPlan? Of(RelaySettings settings, RelayTable table, Func<Endpoint, RelayBackend> backend)
    {
        TlsNames? names = TlsNames.Of(table, backend);
        return names is not null || settings.Proxy.Accept != ProxyAccept.Off || settings.Proxy.Send != ProxySend.Off
            ? new GreetingPlan(settings.Proxy, names)
            : null;
    }

    /// <summary>What is to be done for a connection; null for nothing.</summary>
    public Greeting? Begin(SocketAddress peer)
    {
        bool header = Proxy.Accept != ProxyAccept.Off && Trusts(peer);
        return header || ReadsHello || Proxy.Send != ProxySend.Off ? new Greeting(this, peer, header) : null;
    }

    /// <summary>Whether headers of a source are believed.</summary>
    public bool Trusts(SocketAddress peer)
    {
        ReadOnlySpan<byte> address = new SocketAddress(peer.Address, 0).Address;
        foreach ((byte[] bytes, int length) in _trusted)
        {
            if (bytes.Length == address.Length && SameBits(bytes, address, length))
            {
                return true;
            }
        }

        return false;
    }

    private static bool SameBits(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int length)
    {
        int whole = length / 8;
        int mask = 0xff00 >> (length % 8);
        return a[..whole].SequenceEqual(b[..whole]) && (length % 8 == 0 || ((a[whole] ^ b[whole]) & mask & 0xff) == 0);
    }
}
