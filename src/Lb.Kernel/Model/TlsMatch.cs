using System.Collections.Immutable;

namespace Lb.Kernel;

/// <summary>Which TLS clients a backend is for.</summary>
/// <param name="Names">
/// Names that a client asks for, in lower case; one that begins with <c>*.</c> stands for all names below it. Without any the
/// backend is for clients that no other name fits.
/// </param>
/// <param name="Alpn">Protocols of which a client must offer one; without any all clients are taken.</param>
public sealed record TlsMatch(ImmutableArray<string> Names, ImmutableArray<string> Alpn)
{
    /// <summary>For every client.</summary>
    public static TlsMatch Any { get; } = new([], []);

    /// <summary>What is in the lists counts.</summary>
    public bool Equals(TlsMatch? other) => other is not null
        && Names.AsSpan().SequenceEqual(other.Names.AsSpan())
        && Alpn.AsSpan().SequenceEqual(other.Alpn.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Names.Length, Alpn.Length);
}
