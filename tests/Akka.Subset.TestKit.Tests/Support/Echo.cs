using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Tests.Support;

/// <summary>Answers with what it got, and fails or logs when told to.</summary>
public sealed class Echo : ReceiveActor
{
    public Echo()
    {
        Receive<Exception>(cause => throw cause);
        Receive<Logged>(logged => Context.GetLogger().Log(logged.Level, null, logged.Text));
        Receive<Timed>(timed => Context.SetReceiveTimeout(timed.Timeout));
        Receive<string>(text =>
        {
            Seen++;
            Sender.Tell(text);
        });
        Receive<ReceiveTimeout>(_ => TimedOut?.Tell("idle"));
    }

    public int Seen { get; private set; }

    public IActorRef? TimedOut { get; set; }
}

/// <summary>Has <see cref="Echo"/> log.</summary>
public sealed record Logged(LogLevel Level, string Text);

/// <summary>Has <see cref="Echo"/> set its receive timeout.</summary>
public sealed record Timed(TimeSpan Timeout);
