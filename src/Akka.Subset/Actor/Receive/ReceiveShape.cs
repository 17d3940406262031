using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>
/// The kinds of handlers of a behaviour, in order. Actors that declare the same handlers in the same order share
/// one shape: each declaration leads from one shape to the next, so only the delegates cost memory per actor.
/// </summary>
internal sealed class ReceiveShape
{
    internal static readonly ReceiveShape Empty = new([]);

    private readonly ConcurrentDictionary<ReceiveHandler, ReceiveShape> _longer = new();
    private readonly ConcurrentDictionary<Type, int[]> _candidates = new();

    private ReceiveShape(ReceiveHandler[] handlers)
    {
        Handlers = handlers;
    }

    internal ReceiveHandler[] Handlers { get; }

    internal bool IsClosed => Handlers is [.., { HandlesAll: true }];

    internal ReceiveShape With(ReceiveHandler handler) =>
        _longer.GetOrAdd(handler, static (added, handlers) => new ReceiveShape([.. handlers, added]), Handlers);

    /// <summary>Returns the handlers whose type a message of <paramref name="messageType"/> is, in order.</summary>
    internal int[] CandidatesFor(Type messageType) =>
        _candidates.TryGetValue(messageType, out var known) ? known : _candidates.GetOrAdd(messageType, Match);

    private int[] Match(Type messageType) =>
        [.. Enumerable.Range(0, Handlers.Length).Where(i => Handlers[i].MessageType.IsAssignableFrom(messageType))];
}
