using Lb.Kernel.Relays;

namespace Lb.Kernel;

/// <summary>Headers of the PROXY protocol for those who make connections of their own.</summary>
public static class ProxyHeaders
{
    private static readonly byte[] s_v1 = ProxyV1.Local.ToArray();
    private static readonly byte[] s_v2 = ProxyV2.LocalHeader.ToArray();

    /// <summary>The header of a connection that this node makes for itself and for no client; empty for none.</summary>
    public static ReadOnlyMemory<byte> Local(ProxySend version) => version switch
    {
        ProxySend.V1 => s_v1,
        ProxySend.V2 => s_v2,
        _ => ReadOnlyMemory<byte>.Empty,
    };
}
