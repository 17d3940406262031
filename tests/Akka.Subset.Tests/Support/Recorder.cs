using Akka.Actor;

namespace Akka.Subset.Tests.Support;

/// <summary>Makes a <see cref="Recorder"/> throw.</summary>
public sealed record Fail(Exception Cause)
{
    public static Fail With(string message) => new(new InvalidOperationException(message));
}

/// <summary>Makes a <see cref="Recorder"/> create a child.</summary>
public sealed record Spawn(Props Props, string Name);

/// <summary>Writes its life and its messages into a journal.</summary>
public class Recorder : ReceiveActor
{
    private readonly Journal _journal;
    private readonly string _prefix;
    private readonly SupervisorStrategy? _strategy;

    public Recorder(Journal journal, string prefix = "", SupervisorStrategy? strategy = null)
    {
        _journal = journal;
        _prefix = prefix;
        _strategy = strategy;
        Write("ctor");
        Receive<Fail>(fail => throw fail.Cause);
        Receive<Spawn>(spawn => Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name)));
        Receive<Terminated>(terminated => Write($"Terminated({terminated.ActorRef.Path.Name})"));
        ReceiveAny(message => Write(message.ToString()!));
    }

    protected void Write(string entry) => _journal.Add(_prefix + entry);

    protected override SupervisorStrategy SupervisorStrategy() => _strategy ?? base.SupervisorStrategy();

    protected override void PreStart()
    {
        Write("PreStart");
        base.PreStart();
    }

    protected override void PostStop()
    {
        Write("PostStop");
        base.PostStop();
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        Write($"PreRestart({reason.Message})");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Write("PostRestart");
        base.PostRestart(reason);
    }

    public static Props Of(Journal journal, string prefix = "", SupervisorStrategy? strategy = null) =>
        Props.Create(() => new Recorder(journal, prefix, strategy));
}
