using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>Hands what the actor system logs to the process's log, so that there is one log in one format.</summary>
internal sealed class ActorLogForwarder : ReceiveActor
{
    private readonly ILogger _log;

    public ActorLogForwarder(ILoggerFactory loggers)
    {
        _log = loggers.CreateLogger<ActorLogForwarder>();
        Receive<Error>(e => _log.ActorError(e.Cause, e.LogSource, $"{e.Message}"));
        Receive<Warning>(e => _log.ActorWarning(e.Cause, e.LogSource, $"{e.Message}"));
        Receive<LogEvent>(e => _log.ActorDebug(e.Cause, e.LogSource, $"{e.Message}"));
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(LogEvent));
}
