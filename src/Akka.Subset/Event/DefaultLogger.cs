using Akka.Actor;

namespace Akka.Event;

/// <summary>Prints log events to standard output.</summary>
public class DefaultLogger : ActorBase
{
    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        if (message is LogEvent logEvent)
        {
            Print(logEvent);
            return true;
        }

        return false;
    }

    /// <summary>Prints an event.</summary>
    protected virtual void Print(LogEvent logEvent) => Console.Out.WriteLine(logEvent.ToString());
}
