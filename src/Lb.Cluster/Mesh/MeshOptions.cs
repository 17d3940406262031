using Lb.Cluster.Transport;

namespace Lb.Cluster.Mesh;

/// <summary>How a node talks to others by TLS.</summary>
public sealed record MeshOptions
{
    /// <summary>Where the node is, as <c>host:port</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The versions of the protocol that it speaks.</summary>
    public ProtocolVersions Versions { get; init; } = ProtocolVersions.Current;

    /// <summary>The kinds of messages that it knows.</summary>
    public MessageKinds Kinds { get; init; } = MessageKinds.Current;

    /// <summary>No message is longer.</summary>
    public int LongestMessage { get; init; } = 1 << 20;

    /// <summary>Messages up to this length overtake longer ones.</summary>
    public int QuickLength { get; init; } = 4096;

    /// <summary>How many messages wait for a peer at most, of either length.</summary>
    public int MostWaiting { get; init; } = 1024;

    /// <summary>How many bytes of long messages wait for a peer at most.</summary>
    public int MostWaitingBytes { get; init; } = 8 << 20;

    /// <summary>How long a connection may take to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a silent connection is left alone before it is asked for a sign of life.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long that sign may take.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>After how long without a message the connection to a peer is closed.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause between two attempts to connect; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan ShortestPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two attempts to connect.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often files of certificates are looked at.</summary>
    public TimeSpan CertificateInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long before its end a certificate is warned of.</summary>
    public TimeSpan WarnBefore { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How many connections of others are taken at most.</summary>
    public int MostConnections { get; init; } = 1024;
}
