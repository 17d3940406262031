using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in sharing flows with other nodes: stands between that and the services.</summary>
public sealed partial class SiteActor
{
    private readonly IActorRef _sharing;

    private static IActorRef StartSharing(SiteContext context, IActorRef bridge) => context.Sharers is { } sharers
        ? Context.ActorOf(Akka.Actor.Props.Create(() => new SharingActor(context, sharers, bridge)), "sharing")
        : ActorRefs.Nobody;

    private void ReceiveSharing()
    {
        Receive<SharingReady>(_ => _services.Tell(new TellSharing()));
        Receive<ToSharing>(_sharing.Forward);
        Receive<GetSharing>(get => Ask(get, new NoSharing()));
        Receive<FlushSharing>(flush => Ask(flush, new SharingFlushed(Done: true)));
    }

    private void Ask(object question, object alone)
    {
        if (_context.Sharers is null)
        {
            Sender.Tell(alone);
        }
        else
        {
            _sharing.Forward(question);
        }
    }
}
