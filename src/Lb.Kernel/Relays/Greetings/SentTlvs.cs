using System.Text;

namespace Lb.Kernel.Relays;

/// <summary>Chooses the TLVs that a backend is sent.</summary>
internal static class SentTlvs
{
    /// <summary>Writes those that are asked for: what was received, and what is missing of it and known here.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="asked">What is to be sent.</param>
    /// <param name="received">TLVs of the header that was received.</param>
    /// <param name="hello">What the client asks for.</param>
    /// <param name="chosen">Protocol that the backend was chosen by; null for none.</param>
    /// <returns>Bytes that were written.</returns>
    public static int Write(
        Span<byte> into, ProxyTlvs asked, ReadOnlySpan<byte> received, ClientHello hello, string? chosen)
    {
        int length = 0;
        ProxyTlvs missing = asked;
        while (ProxyTlv.Take(ref received, out ProxyTlv tlv))
        {
            ProxyTlvs kind = KindOf(tlv.Type);
            if ((asked & kind) != ProxyTlvs.None)
            {
                tlv.Whole.CopyTo(into[length..]);
                length += tlv.Whole.Length;
                missing &= ~kind;
            }
        }

        string? protocol = chosen ?? hello.Protocols.FirstOrDefault();
        if (missing.HasFlag(ProxyTlvs.Alpn) && protocol is not null)
        {
            length += ProxyTlv.Write(into[length..], ProxyTlv.Alpn, Encoding.Latin1.GetBytes(protocol));
        }

        if (missing.HasFlag(ProxyTlvs.Authority) && hello.Name is { } name)
        {
            length += ProxyTlv.Write(into[length..], ProxyTlv.Authority, Encoding.ASCII.GetBytes(name));
        }

        if (missing.HasFlag(ProxyTlvs.UniqueId))
        {
            length += ProxyTlv.Write(into[length..], ProxyTlv.UniqueId, Guid.CreateVersion7().ToByteArray(bigEndian: true));
        }

        return length;
    }

    /// <summary>Checksums are made anew, and padding is of no use to anybody.</summary>
    private static ProxyTlvs KindOf(byte type) => type switch
    {
        ProxyTlv.Alpn => ProxyTlvs.Alpn,
        ProxyTlv.Authority => ProxyTlvs.Authority,
        ProxyTlv.UniqueId => ProxyTlvs.UniqueId,
        ProxyTlv.Ssl => ProxyTlvs.Ssl,
        ProxyTlv.Checksum or ProxyTlv.Padding => ProxyTlvs.None,
        _ => ProxyTlvs.Other,
    };
}
