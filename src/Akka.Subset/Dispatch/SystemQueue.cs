namespace Akka.Dispatch.SysMsg;

/// <summary>The system messages of a cell: a stack with many writers that one reader takes and reverses.</summary>
/// <remarks>This is a mutable struct inside a cell: never copy it.</remarks>
internal struct SystemQueue
{
    private static readonly SystemMessage Closed = new Create();

    private SystemMessage? _top;

    internal readonly bool HasMessages => _top is { } top && !ReferenceEquals(top, Closed);

    /// <summary>Adds a message; false when the queue has been closed.</summary>
    internal bool TryPush(SystemMessage message)
    {
        while (true)
        {
            var top = Volatile.Read(ref _top);
            if (ReferenceEquals(top, Closed))
            {
                return false;
            }

            message.Next = top;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _top, message, top), top))
            {
                return true;
            }
        }
    }

    /// <summary>Takes all messages, oldest first.</summary>
    internal SystemMessage? TakeAll() => Reverse(Interlocked.Exchange(ref _top, null));

    /// <summary>Takes all messages, oldest first, and accepts no others.</summary>
    internal SystemMessage? Close() => Reverse(Interlocked.Exchange(ref _top, Closed));

    private static SystemMessage? Reverse(SystemMessage? top)
    {
        SystemMessage? oldest = null;
        while (top is not null && !ReferenceEquals(top, Closed))
        {
            var next = top.Next;
            top.Next = oldest;
            oldest = top;
            top = next;
        }

        return oldest;
    }
}
