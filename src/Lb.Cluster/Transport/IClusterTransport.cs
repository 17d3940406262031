namespace Lb.Cluster.Transport;

/// <summary>
/// Carries small messages between nodes: at most once, in any order, or not at all. What it does about who may send,
/// and about secrecy, is its own affair.
/// </summary>
public interface IClusterTransport : IAsyncDisposable
{
    /// <summary>How many bytes a message may have; a longer one is a mistake of the sender.</summary>
    int LongestMessage { get; }

    /// <summary>Begins to receive. The bytes are only there until <paramref name="received"/> returns.</summary>
    Task StartAsync(ReceivedMessage received);

    /// <summary>Sends to a node at <c>host:port</c>, or drops the message when it can't go at once: it never blocks.</summary>
    void Send(string address, ReadOnlySpan<byte> message);
}

/// <summary>Is told of a message.</summary>
public delegate void ReceivedMessage(ReadOnlySpan<byte> message);
