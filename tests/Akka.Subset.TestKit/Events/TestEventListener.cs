using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// Prints log events as <see cref="DefaultLogger"/> does, but for those that a test expects or mutes. Dead letters
/// and unhandled messages are warnings to it.
/// </summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<LogFilterSet> _filters = [];

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                Subscribe(initialize.LoggingBus);
                Sender.Tell(new LoggerInitialized());
                break;
            case Mute { Filters: var filters, Reply: var reply }:
                _filters.Add(filters);
                reply.TrySetResult();
                break;
            case Unmute { Filters: var filters }:
                _filters.Remove(filters);
                break;
            case LogEvent logEvent:
                PrintUnlessFiltered(logEvent);
                break;
            case AllDeadLetters letter:
                PrintUnlessFiltered(new Warning(letter.Recipient.ToString()!, letter.Recipient.GetType(), letter));
                break;
            default:
                return false;
        }

        return true;
    }

    private void Subscribe(LoggingBus bus)
    {
        bus.Subscribe(Self, typeof(Mute));
        bus.Subscribe(Self, typeof(Unmute));
        bus.Subscribe(Self, typeof(DeadLetter));
        bus.Subscribe(Self, typeof(UnhandledMessage));
    }

    private void PrintUnlessFiltered(LogEvent logEvent)
    {
        var filtered = false;
        foreach (var filters in _filters)
        {
            filtered |= filters.Take(logEvent);
        }

        if (!filtered)
        {
            Print(logEvent);
        }
    }

    internal sealed record Mute(LogFilterSet Filters, TaskCompletionSource Reply);

    internal sealed record Unmute(LogFilterSet Filters);
}
