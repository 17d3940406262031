namespace Akka.Actor;

/// <summary>A behaviour: a shape and the delegates of one actor.</summary>
internal sealed class ReceiveTable(ReceiveShape shape, object[] handlers)
{
    internal static readonly ReceiveTable Empty = new(ReceiveShape.Empty, []);

    // The type of the last message and what matches it: most actors get long runs of one type.
    private Type? _lastType;
    private int[] _lastCandidates = [];

    internal bool Handle(ActorCell cell, object message)
    {
        var type = message.GetType();
        if (!ReferenceEquals(type, _lastType))
        {
            _lastCandidates = shape.CandidatesFor(type);
            _lastType = type;
        }

        var kinds = shape.Handlers;
        foreach (var i in _lastCandidates)
        {
            if (kinds[i].Handle(cell, handlers[i], message))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Collects the handlers that a constructor or a Become declares.</summary>
internal sealed class ReceiveBuilder
{
    private readonly List<object> _handlers = [];
    private ReceiveShape _shape = ReceiveShape.Empty;

    internal void Add(ReceiveHandler kind, object handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_shape.IsClosed)
        {
            throw new InvalidOperationException(
                "A handler that takes all messages has been declared: one behind it would never be called");
        }

        _shape = _shape.With(kind);
        _handlers.Add(handler);
    }

    internal ReceiveTable Build() => new(_shape, [.. _handlers]);
}
