using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>
/// The logger of the actor system: hands what is logged there to the process's log, so that there is one log in one
/// format.
/// </summary>
internal sealed class ActorLogForwarder : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILogger _log;

    public ActorLogForwarder()
    {
        _log = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory
            .CreateLogger<ActorLogForwarder>();
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<Error>(e => _log.ActorError(e.Cause, e.LogSource, $"{e.Message}"));
        Receive<Warning>(e => _log.ActorWarning(e.Cause, e.LogSource, $"{e.Message}"));
        Receive<LogEvent>(e => _log.ActorDebug(e.Cause, e.LogSource, $"{e.Message}"));
    }
}
