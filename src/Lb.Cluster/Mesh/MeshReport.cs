using Lb.Cluster.Certificates;
using Lb.Cluster.Transport;

namespace Lb.Cluster.Mesh;

/// <summary>Something about the traffic between nodes that a person may want to know.</summary>
/// <param name="Peer">The node it is about, as far as it is known.</param>
public abstract record MeshReport(string Peer)
{
    /// <summary>There is a connection to a peer, and a version that both speak.</summary>
    public sealed record Connected(string Peer, int Version) : MeshReport(Peer);

    /// <summary>A connection to a peer has ended.</summary>
    public sealed record Lost(string Peer, string Why) : MeshReport(Peer);

    /// <summary>There is no connection to a peer.</summary>
    public sealed record NotConnected(string Peer, string Why) : MeshReport(Peer);

    /// <summary>A certificate was not taken.</summary>
    public sealed record Refused(string Peer, CertificateRefusal Refusal) : MeshReport(Peer);

    /// <summary>There is no version in common.</summary>
    public sealed record Incompatible(string Peer, ProtocolVersions Ours, ProtocolVersions Theirs) : MeshReport(Peer);

    /// <summary>A message was too long to send.</summary>
    public sealed record TooLong(string Peer, int Length, int Limit) : MeshReport(Peer);

    /// <summary>A frame was too long to receive, and its stream was ended.</summary>
    public sealed record FrameTooLong(string Peer, long Length, int Limit) : MeshReport(Peer);

    /// <summary>A message was not of the node that its stream is of.</summary>
    public sealed record FalseSender(string Peer, string Claimed) : MeshReport(Peer);

    /// <summary>A node talks in the clear.</summary>
    public sealed record ClearText(string Peer) : MeshReport(Peer);

    /// <summary>Other certificates are in use from now on.</summary>
    public sealed record CertificatesRead(string Peer, DateTimeOffset Until) : MeshReport(Peer);

    /// <summary>The files have changed and cannot be used.</summary>
    public sealed record CertificatesUnusable(string Peer, string Why) : MeshReport(Peer);

    /// <summary>The certificates end soon, or have ended.</summary>
    public sealed record Expiring(string Peer, DateTimeOffset Until, bool IsOver) : MeshReport(Peer);
}
