using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The other nodes that go by the same config.</summary>
public interface IConfigPeers
{
    /// <summary>Where this node is.</summary>
    string Self { get; }

    /// <summary>Where the others are, as far as is known.</summary>
    ImmutableArray<string> Others { get; }

    /// <summary>Has someone told of what others say; by which thread, is not said.</summary>
    void Listen(Action<string, ReadOnlyMemory<byte>> heard);

    /// <summary>Says something to another one, or loses it.</summary>
    void Send(string to, ReadOnlyMemory<byte> message);
}
