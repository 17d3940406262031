using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>A message on its way, linked to the one behind it.</summary>
internal sealed class MailboxNode
{
    private const int MostKept = 1024;

    [ThreadStatic]
    private static MailboxNode? _free;

    [ThreadStatic]
    private static int _freeCount;

    internal MailboxNode? Next;
    internal object? Message;
    internal IActorRef? Sender;

    /// <summary>Takes a node that this thread gave back, or makes one.</summary>
    internal static MailboxNode Rent(object message, IActorRef? sender)
    {
        var node = _free;
        if (node is null)
        {
            node = new MailboxNode();
        }
        else
        {
            _free = node.Next;
            _freeCount--;
            node.Next = null;
        }

        node.Message = message;
        node.Sender = sender;
        return node;
    }

    /// <summary>Gives an emptied node back to this thread.</summary>
    internal void Return()
    {
        if (_freeCount < MostKept)
        {
            _freeCount++;
            Next = _free;
            _free = this;
        }
        else
        {
            // A dead node must not keep those behind it alive in an older generation.
            Next = null;
        }
    }
}

/// <summary>
/// A queue with many writers and one reader at a time. A write is one exchange; there is no limit and no lock.
/// What the reader puts back in front (a stash) comes first.
/// </summary>
/// <remarks>This is a mutable struct inside a cell: never copy it.</remarks>
internal struct Mailbox
{
    // Node already read; the first unread one is behind it.
    private MailboxNode _head;
    private MailboxNode _tail;
    private MailboxNode? _front;

    internal Mailbox(MailboxNode stub)
    {
        _head = stub;
        _tail = stub;
    }

    /// <summary>Whether a writer has begun to add something that was not read. Exact for the reader.</summary>
    internal readonly bool HasMessages => _front is not null || !ReferenceEquals(_head, Volatile.Read(in _tail));

    internal int CountForReader
    {
        get
        {
            var count = 0;
            for (var node = _front; node is not null; node = node.Next)
            {
                count++;
            }

            for (var node = _head.Next; node is not null; node = node.Next)
            {
                count++;
            }

            return count;
        }
    }

    internal void Enqueue(object message, IActorRef? sender)
    {
        var node = MailboxNode.Rent(message, sender);
        var previous = Interlocked.Exchange(ref _tail, node);
        Volatile.Write(ref previous.Next, node);
    }

    /// <summary>Puts messages in front of all others, in their order.</summary>
    internal void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        for (var i = envelopes.Count - 1; i >= 0; i--)
        {
            var node = MailboxNode.Rent(envelopes[i].Message, envelopes[i].Sender);
            node.Next = _front;
            _front = node;
        }
    }

    /// <summary>Takes the next message. False also while a writer is between its two steps.</summary>
    internal bool TryDequeue(out object message, out IActorRef? sender)
    {
        if (_front is { } first)
        {
            _front = first.Next;
            Take(first, out message, out sender);
            first.Return();
            return true;
        }

        var head = _head;
        var next = Volatile.Read(ref head.Next);
        if (next is null)
        {
            message = null!;
            sender = null;
            return false;
        }

        _head = next;
        Take(next, out message, out sender);
        head.Return();
        return true;
    }

    private static void Take(MailboxNode node, out object message, out IActorRef? sender)
    {
        message = node.Message!;
        sender = node.Sender;
        node.Message = null;
        node.Sender = null;
    }
}
