namespace Lb.Cluster.Transport;

/// <summary>A kind of message.</summary>
/// <param name="Number">What stands for it in a message's header.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Since">The version of the protocol that brought it; nodes that speak a lower one are not sent it.</param>
public sealed record MessageKind(byte Number, string Name, int Since);

/// <summary>
/// All kinds of messages: the one place that says what nodes tell each other, and since when. A number is never used
/// again for something else; what is new gets a number here and the version that is spoken from then on.
/// </summary>
public sealed class MessageKinds
{
    /// <summary>Wants to be answered.</summary>
    public const byte Heartbeat = 1;

    /// <summary>Answers a heartbeat.</summary>
    public const byte Answer = 2;

    /// <summary>Who sees whom.</summary>
    public const byte Observations = 3;

    /// <summary>Of a part of the node, one of <see cref="ClusterSubsystem"/>.</summary>
    public const byte Subsystem = 4;

    /// <summary>In the clear, to a node without certificates: the sender takes nothing but TLS.</summary>
    public const byte TlsOnly = 255;

    private readonly MessageKind?[] _kinds = new MessageKind?[256];

    /// <summary>Knows some kinds.</summary>
    public MessageKinds(params IEnumerable<MessageKind> kinds)
    {
        foreach (var kind in kinds)
        {
            _kinds[kind.Number] = _kinds[kind.Number] is null
                ? kind
                : throw new ArgumentException($"Two kinds have the number {kind.Number}", nameof(kinds));
        }
    }

    /// <summary>The kinds of this version.</summary>
    public static MessageKinds Current { get; } = new(
        new MessageKind(Heartbeat, "heartbeat", 1),
        new MessageKind(Answer, "answer", 1),
        new MessageKind(Observations, "observations", 1),
        new MessageKind(Subsystem, "subsystem", 1),
        new MessageKind(TlsOnly, "tls-only", 1));

    /// <summary>The kinds, by number.</summary>
    public IEnumerable<MessageKind> All => _kinds.OfType<MessageKind>();

    /// <summary>The kind with a number; null when there is none.</summary>
    public MessageKind? Find(byte number) => _kinds[number];
}
